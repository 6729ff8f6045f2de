"""Reading a course's folder: everything in it, or everything that is wrong with it."""

import re
from collections.abc import Iterable
from pathlib import Path

from courses import additions
from courses.constants import RESERVED_SECTION_KEYS, RESERVED_TOPIC_KEYS
from courses.coursefiles import shapes
from courses.coursefiles.entries import Entries
from courses.coursefiles.files import Folder
from courses.coursefiles.links import check_course
from courses.coursefiles.problems import CourseFilesError, Problem, Problems
from courses.coursefiles.shapes import Item, Part, Shape
from courses.markdown import tidy
from courses.markdown.rules import is_key
from courses.svg import SvgError, clean_svg

_NUMBERED = re.compile(r"([0-9]{2,3})-(.+)")
_AT_ROOT = ("course.md", "credits.md", "figures", "glossary.yaml", "references.yaml", "topics")
_IN_TOPIC = ("case-studies", "prompts", "sections", "topic.md")


def read_course(root: Path) -> Item:
    """Return the course in the folder *root*, whose name is its key. Raises CourseFilesError with all that is wrong."""
    if not root.is_dir():
        raise CourseFilesError(Problem(str(root), 0, "there is no such folder."))
    problems = Problems()
    reader = _Reader(Folder(root, problems), problems)
    course = reader.course()
    check_course(course, problems)
    problems.raise_if_any()
    return course


class _Reader:
    """Turns the files of a folder into items; goes on after a problem, to find the others."""

    def __init__(self, folder: Folder, problems: Problems) -> None:
        self.folder = folder
        self.problems = problems
        self.entries = Entries(folder, problems)

    def course(self) -> Item:
        name = self.folder.root.name
        if not is_key(name):
            self.problems.add(
                str(self.folder.root), 0, "the folder's name is the course's key: lower-case letters, digits, hyphens."
            )
        if "course.md" not in self.folder.files:
            self.problems.add(
                str(self.folder.root), 0, "there is no course.md in this folder; it is not a course.", gap=True
            )
            return Item(shapes.COURSE, name, "course.md")
        added = additions.parts()
        self._check_names("", sorted([*_AT_ROOT, *(part.folder for part in added)]))
        course = self.entries.markdown("course.md", shapes.COURSE, name)
        self._credits(course)
        course.children["figures"] = self._figures()
        course.children["terms"] = self.entries.yaml_list("glossary.yaml", shapes.TERM)
        course.children["references"] = self.entries.yaml_list("references.yaml", shapes.REFERENCE)
        course.children["topics"] = [
            self._topic(path, key, number) for path, key, number in self._numbered("topics", ending="")
        ]
        self._check_objectives(course)
        for part in added:
            course.children[part.folder] = self._part("", part)
        return course

    def _credits(self, course: Item) -> None:
        text = self.folder.text("credits.md") if "credits.md" in self.folder.files else None
        text = text or ""
        course.lines["credits"] = 1 + len(text) - len(text.lstrip("\n"))
        course.values["credits"] = tidy(text)

    def _figures(self) -> list[Item]:
        figures = self._keyed("figures", shapes.FIGURE, also=".svg")
        for figure in figures:
            drawing = figure.path.removesuffix(".md") + ".svg"
            figure.values["svg"] = ""
            if drawing not in self.folder.files:
                self.problems.add(figure.path, 0, f"its drawing {drawing} is missing.")
            elif text := self.folder.text(drawing):
                try:
                    figure.values["svg"] = clean_svg(text, prefix=figure.key)
                except SvgError as error:
                    self.problems.add(drawing, error.line or 1, error.reason)
            else:
                self.problems.add(drawing, 0, "the file is empty.")
        return figures

    def _topic(self, path: str, key: str, number: int) -> Item:
        self._check_names(path, _IN_TOPIC)
        if key in RESERVED_TOPIC_KEYS:
            self.problems.add(path, 0, f"“{key}” is the address of another page; a topic needs another key.")
        if f"{path}/topic.md" not in self.folder.files:
            self.problems.add(path, 0, "there is no topic.md in this folder.", gap=True)
            return Item(shapes.TOPIC, key, f"{path}/topic.md")
        topic = self.entries.markdown(f"{path}/topic.md", shapes.TOPIC, key)
        topic.position = number
        topic.children["sections"] = []
        for file, section_key, place in self._numbered(f"{path}/sections", ending=".md"):
            if section_key in RESERVED_SECTION_KEYS:
                self.problems.add(
                    file, 1, f"“{section_key}” is the address of another page; a section needs another key."
                )
            section = self.entries.markdown(file, shapes.SECTION, section_key)
            section.position = place
            topic.children["sections"].append(section)
        topic.children["prompts"] = self._keyed(f"{path}/prompts", shapes.PROMPT)
        for prompt in topic.children["prompts"]:
            if not prompt.all("questions"):
                self.problems.add(prompt.path, 1, "a point for reflection has at least one entry in “questions”.")
        topic.children["case_studies"] = self._keyed(f"{path}/case-studies", shapes.CASE_STUDY)
        return topic

    def _part(self, inside: str, part: Part) -> list[Item]:
        """Return the items in the folder of *part*, which is in the folder *inside* (with a “/” at its end)."""
        items = []
        for path, key, number in self._numbered(f"{inside}{part.folder}", ending="" if part.file else ".md"):
            if key in part.reserved:
                self.problems.add(path, 0, f"“{key}” is the address of another page; choose another key.")
            file = f"{path}/{part.file}" if part.file else path
            if part.file:
                self._check_names(path, sorted([part.file, *(inner.folder for inner in part.parts)]))
            if file in self.folder.files:
                item = self.entries.markdown(file, part.shape, key)
                item.position = number
                item.children |= {inner.folder: self._part(f"{path}/", inner) for inner in part.parts}
                items.append(item)
            else:
                self.problems.add(path, 0, f"there is no {part.file} in this folder.", gap=True)
        return items

    # --- Names of files

    def _check_names(self, folder: str, known: Iterable[str]) -> None:
        """Refuse what does not belong in *folder*: most often a name with a mistake in it."""
        for name in self.folder.inside(folder):
            path = f"{folder}/{name}" if folder else name
            if name not in known:
                self.problems.add(path, 0, f"this does not belong here; there are: {', '.join(known)}.", gap=True)
            elif ("." in name) != (path in self.folder.files):
                self.problems.add(path, 0, "this is a file where a folder belongs, or the other way round.", gap=True)

    def _keyed(self, folder: str, shape: Shape, also: str = "") -> list[Item]:
        """Return the items of the files `KEY.md` in *folder*; files ending in *also* belong to them."""
        items = []
        for name in self.folder.inside(folder):
            path = f"{folder}/{name}"
            key = name.removesuffix(".md")
            if path in self.folder.files and name.endswith(".md") and is_key(key):
                items.append(self.entries.markdown(path, shape, key))
            elif not also or not name.endswith(also):
                self.problems.add(
                    path, 0, "a file here is named KEY.md; a key is lower-case letters, digits, hyphens.", gap=True
                )
            elif f"{path.removesuffix(also)}.md" not in self.folder.files:
                self.problems.add(path, 0, f"its {path.removesuffix(also)}.md is missing.", gap=True)
        return items

    def _numbered(self, folder: str, ending: str) -> list[tuple[str, str, int]]:
        """Return path, key and number of everything named `NN-KEY` in *folder*, in order."""
        found: list[tuple[str, str, int]] = []
        for name in self.folder.inside(folder):
            path = f"{folder}/{name}"
            parts = _NUMBERED.fullmatch(name.removesuffix(ending)) if name.endswith(ending) else None
            is_right_kind = path in (self.folder.files if ending else self.folder.folders)
            if not parts or not is_key(parts[2]) or not is_right_kind:
                kind = "file" if ending else "folder"
                self.problems.add(
                    path, 0, f"a {kind} here is named NN-KEY{ending}, like 01-the-local-level{ending}.", gap=True
                )
                continue
            for other, key, number in found:
                if key == parts[2]:
                    self.problems.add(path, 0, f"the key “{key}” is that of {other}, too.", gap=True)
                if number == int(parts[1]):
                    self.problems.add(path, 0, f"the number {parts[1]} is that of {other}, too.")
            found.append((path, parts[2], int(parts[1])))
        return sorted(found, key=lambda entry: entry[2])

    def _check_objectives(self, course: Item) -> None:
        """Objectives have their keys in the whole course."""
        seen: dict[str, Item] = {}
        for owner in [course, *course.all("topics")]:
            for objective in owner.all("objectives"):
                other = seen.setdefault(objective.key, objective)
                if other is not objective and other.path != objective.path:
                    self.problems.add(
                        objective.path,
                        objective.line,
                        f"the objective's key “{objective.key}” is taken in {other.path}:{other.line}; "
                        "objectives have their keys in the whole course.",
                    )
