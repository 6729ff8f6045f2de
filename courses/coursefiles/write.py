"""From rows to files, in the one way in which we write them: read and written again, a file is the same to the byte."""

import os
import re
from pathlib import Path
from typing import Any

from django.db import transaction

from courses import additions
from courses.coursefiles import shapes
from courses.coursefiles.lock import lock_content
from courses.coursefiles.problems import CourseFilesError, Problem
from courses.coursefiles.shapes import Part, Shape, current
from courses.coursefiles.yamltext import Block, write_yaml
from courses.models import Course, Topic
from courses.models.content import BodyField
from courses.svg import svg_source

# The names of the layout: what else is in the folder is somebody's own.
_KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_OURS = re.compile(
    r"(?:course\.md|credits\.md|glossary\.yaml|references\.yaml"
    rf"|figures/{_KEY}\.(?:md|svg)"
    rf"|topics/[0-9]{{2,3}}-{_KEY}/(?:topic|sections/[0-9]{{2,3}}-{_KEY}|(?:prompts|case-studies)/{_KEY})\.md)"
)


def write_course(course: Course, root: Path) -> list[str]:
    """Write *course* into the folder *root*, named like its key; return the paths of files written or removed.

    The folder is new, empty, or holds an earlier export; in that, only files that differ are touched. What does not
    belong to the layout stays. Raises CourseFilesError, before anything is written, when the folder is another.
    """
    root = root.absolute()
    _check_root(course, root)
    with transaction.atomic():
        lock_content()
        files = files_of(course)
    try:
        gone = sorted(_existing(root) - set(files))
        for path in gone:
            _remove(root, root / path)
        return gone + [path for path, text in files.items() if _write(root / path, text)]
    except OSError as error:
        reason = f"this cannot be written: {error.strerror}. Export again once it can: the folder is half done."
        raise CourseFilesError(Problem(str(error.filename2 or error.filename), 0, reason)) from error


def files_of(course: Course) -> dict[str, str]:
    """Return the files of *course*, their text by their path. What has been archived is in none."""
    course = Course.objects.get(pk=course.pk)
    files = {"course.md": _markdown(course, shapes.COURSE)}
    if course.credits:
        files["credits.md"] = course.credits + "\n"
    for name, rows, shape in (
        ("glossary.yaml", course.terms, shapes.TERM),
        ("references.yaml", course.references, shapes.REFERENCE),
    ):
        # Sorted here: a database sorts by its own language.
        entries = [_fields(row, shape, key=True) for row in sorted(rows.all(), key=lambda row: row.key)]
        if entries:
            files[name] = "\n".join(write_yaml([entry]) for entry in entries)
    for figure in course.figures.all():
        files[f"figures/{figure.key}.md"] = _markdown(figure, shapes.FIGURE)
        files[f"figures/{figure.key}.svg"] = svg_source(figure.svg, prefix=figure.key)
    topics = list(course.topics.current())
    for number, topic in zip(_numbers(topics), topics, strict=True):
        files |= _topic_files(f"topics/{number}-{topic.key}", topic)
    for part in additions.parts():
        files |= _part_files("", course, part)
    return files


def _topic_files(folder: str, topic: Topic) -> dict[str, str]:
    files = {f"{folder}/topic.md": _markdown(topic, shapes.TOPIC)}
    sections = list(topic.sections.current())
    for number, section in zip(_numbers(sections), sections, strict=True):
        files[f"{folder}/sections/{number}-{section.key}.md"] = _markdown(section, shapes.SECTION)
    for prompt in topic.prompts.current():
        files[f"{folder}/prompts/{prompt.key}.md"] = _markdown(prompt, shapes.PROMPT)
    for case in topic.case_studies.all():
        files[f"{folder}/case-studies/{case.key}.md"] = _markdown(case, shapes.CASE_STUDY)
    return files


def _part_files(inside: str, owner: Any, part: Part) -> dict[str, str]:
    """Return the files in the folder of *part*, which is in the folder *inside* (with a “/” at its end)."""
    files: dict[str, str] = {}
    rows = current(getattr(owner, part.folder))
    for number, row in zip(_numbers(rows), rows, strict=True):
        path = f"{inside}{part.folder}/{number}-{row.key}"
        files[f"{path}/{part.file}" if part.file else f"{path}.md"] = _markdown(row, part.shape)
        for inner in part.parts:
            files |= _part_files(f"{path}/", row, inner)
    return files


def _numbers(rows: list[Any]) -> list[str]:
    """Return the numbers for the names of *rows*: their positions or, where two have the same, 01, 02, …"""
    positions = [row.position for row in rows]
    if len(set(positions)) < len(positions) or any(position > 999 for position in positions):
        positions = list(range(1, len(rows) + 1))
    return [f"{position:02}" for position in positions]


def _markdown(row: Any, shape: Shape) -> str:
    matter = f"---\n{write_yaml(_fields(row, shape))}---\n"
    return f"{matter}\n{row.body}\n" if row.body else matter


def _fields(row: Any, shape: Shape, *, key: bool = False) -> dict[str, Any]:
    """Return what stands in the front matter or entry of *row*; what is empty is left out."""
    fields: dict[str, Any] = {"key": row.key} if key else {}
    for name in shape.names():
        if name in shape.lists:
            value = [_fields(entry, shape.lists[name], key=True) for entry in _entries(row, shape, name)]
        elif name == shape.body:
            value = row.body
        else:
            value = _value(row, name, shape.own()[name])
        if value or shape.is_required(name):
            fields[name] = value
    return fields


def _entries(row: Any, shape: Shape, name: str) -> list[Any]:
    """Return the rows of a list of smaller things; objectives of a course are those of none of its topics."""
    entries = current(getattr(row, name))
    return (
        [entry for entry in entries if entry.topic_id is None]
        if shape is shapes.COURSE and name == "objectives"
        else entries
    )


def _value(row: Any, name: str, field: Any) -> Any:
    value = getattr(row, name)
    if field.many_to_many:
        return [other.key for other in current(value)]
    if field.is_relation:
        return value and value.key
    return Block(value) if value and isinstance(field, BodyField) else value


# --- The folder ---------------------------------------------------------------------------------------------


def _check_root(course: Course, root: Path) -> None:
    if root.name != course.key:
        reason = f"the folder's name is the course's key: write to {root / course.key}."
        raise CourseFilesError(Problem(str(root), 0, reason))
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise CourseFilesError(Problem(str(root), 0, "this is not a folder."))
    if root.is_dir():
        if any(root.iterdir()) and not (root / "course.md").is_file():
            raise CourseFilesError(Problem(str(root), 0, "the folder is not empty, and not a course (no course.md)."))
        for folder, names, files in os.walk(root):
            for name in [*names, *files]:
                if (path := Path(folder, name)).is_symlink():
                    raise CourseFilesError(Problem(str(path), 0, "this is a link; we write to files only."))


def _existing(root: Path) -> set[str]:
    """Return the files of an earlier export: those that an import would read."""
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    ours = re.compile("|".join([_OURS.pattern, *map(_pattern, additions.parts())]))
    return {name for name in names if ours.fullmatch(name)}


def _pattern(part: Part) -> str:
    """Return what the paths of the files in a folder that is added to a course look like."""
    inside = "|".join([re.escape(part.file), *map(_pattern, part.parts)])
    return rf"{part.folder}/[0-9]{{2,3}}-{_KEY}" + (f"/(?:{inside})" if part.file else r"\.md")


def _write(path: Path, text: str) -> bool:
    """Write *text* unless the file says so already; a break half-way leaves the file as it was."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Hidden, so that an import does not look at it.
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_bytes(data)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    return True


def _remove(root: Path, path: Path) -> None:
    """Remove a file and the folders that this leaves empty."""
    path.unlink()
    for folder in path.parents:
        if folder == root or any(folder.iterdir()):
            break
        folder.rmdir()
