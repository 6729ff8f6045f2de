"""What a load has changed, for whoever started it."""

from dataclasses import dataclass, field

ADDED, CHANGED, BACK, ARCHIVED, DELETED = "added", "changed", "back", "archived", "deleted"


@dataclass
class Changes:
    """One line for each thing that is different now."""

    lines: list[str] = field(default_factory=list)

    def note(self, verb: str, what: str, detail: str = "") -> None:
        """Add a line: *verb* is one of the five above, *what* the thing, *detail* more about it."""
        self.lines.append(f"{verb:<8} {what}" + (f" ({detail})" if detail else ""))

    def __bool__(self) -> bool:
        return bool(self.lines)
