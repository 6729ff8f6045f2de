"""What is wrong with a course's files, all of it together."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: in the file *path* (from the course's folder), on *line* (0: the whole file)."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}"


class CourseFilesError(Exception):
    """A course that cannot be read or written; `problems` says why, one sentence each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Problems:
    """Collects what is wrong, so that an author sees everything at once."""

    found: list[Problem] = field(default_factory=list)
    has_gaps: bool = False

    def add(self, path: str, line: int, text: str, *, gap: bool = False) -> None:
        """Remember that *text* is wrong at *path* and *line*.

        *gap*: things could not be read because of it, so whether others point to them cannot be checked.
        """
        self.found.append(Problem(path, line, text))
        self.has_gaps = self.has_gaps or gap

    def raise_if_any(self) -> None:
        """Raise CourseFilesError with everything found, in the order of the files."""
        if self.found:
            raise CourseFilesError(*sorted(set(self.found)))
