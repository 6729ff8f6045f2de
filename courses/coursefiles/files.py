"""A course's folder on disk: what is in it, and its files as text. Nothing outside of it is ever touched."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from courses.constants import CONTROL
from courses.coursefiles.problems import Problems

MAX_BYTES = 1_000_000


@dataclass
class FrontMatter:
    """A Markdown file: its YAML, and its body that begins on line *body_line*."""

    yaml: str
    body: str
    body_line: int


class Folder:
    """The files of a course, by their paths from its folder with “/” between. Hidden files are not looked at."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root = root.resolve()
        self.problems = problems
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self._walk(self.root, "")

    def _walk(self, folder: Path, start: str) -> None:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            path = start + entry.name
            kind = entry.stat(follow_symlinks=False).st_mode
            if entry.name.startswith("."):
                continue
            if stat.S_ISDIR(kind):
                self.folders.add(path)
                self._walk(Path(entry.path), path + "/")
            elif stat.S_ISREG(kind):
                self.files.add(path)
            else:
                self.problems.add(path, 0, "this is a link or a device; only files and folders are read.", gap=True)

    def inside(self, folder: str) -> list[str]:
        """Return the names of the files and folders directly in *folder*, sorted."""
        start = f"{folder}/" if folder else ""
        return sorted(
            path.removeprefix(start)
            for path in self.files | self.folders
            if path.startswith(start) and "/" not in path.removeprefix(start)
        )

    def text(self, path: str) -> str | None:
        """Return the text of a file with plain line ends; None, and a problem, when that cannot be."""
        try:
            with (self.root / path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            self.problems.add(path, 0, f"the file cannot be read: {error.strerror}.", gap=True)
            return None
        if len(data) > MAX_BYTES:
            self.problems.add(path, 0, f"the file is larger than {MAX_BYTES:,} bytes.", gap=True)
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.problems.add(path, line, "this is not UTF-8; save the file with that encoding.", gap=True)
            return None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if control := CONTROL.search(text):
            line = text.count("\n", 0, control.start()) + 1
            self.problems.add(path, line, f"there is a control character here ({control[0]!r}).", gap=True)
            return None
        return text

    def front_matter(self, path: str) -> FrontMatter | None:
        """Return a Markdown file in its two parts; None, and a problem, when it does not have them."""
        text = self.text(path)
        if text is None:
            return None
        lines = text.split("\n")
        if lines[0].rstrip() != "---":
            self.problems.add(path, 1, "the file begins with “---”, its fields, and “---” again; then its text.")
            return None
        ends = (place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == "---")
        end = next(ends, None)
        if end is None:
            self.problems.add(path, 1, "the fields that begin here are not closed by “---” on a line alone.")
            return None
        return FrontMatter("\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2)
