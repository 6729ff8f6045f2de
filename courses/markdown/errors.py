"""What is wrong with a body, and where."""


class MarkdownError(ValueError):
    """A body that cannot be compiled: its *line*, counted from 1, and the *reason*, to its editor."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason
