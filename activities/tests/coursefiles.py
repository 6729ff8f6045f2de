"""Activities of the Core Module as its own files have them, for sessions that a test holds."""

from pathlib import Path

import yaml
from django.conf import settings

FOLDER = settings.BASE_DIR / "fixtures" / "core-module" / "activities"
FIELDS = ("title", "minutes", "per", "work", "tool", "options", "questions")


def course_phases(folder: str) -> list[dict]:
    """Return the phases of the activity in *folder*."""
    heads = [_head(path) for path in sorted((FOLDER / folder / "phases").iterdir())]
    return [
        {name: head[name] for name in FIELDS if name in head} | {"questions": head.get("questions", [])}
        for head in heads
    ]


def course_questions(folder: str) -> dict[str, str]:
    """Return the questions of the activity in *folder*, by their keys."""
    return {row["key"]: row["text"] for row in _questions(folder)}


def course_headings(folder: str) -> dict[str, str]:
    """Return under which headings the questions of the activity in *folder* stand, by their keys."""
    return {row["key"]: row.get("heading", "") for row in _questions(folder)}


def _questions(folder: str) -> list[dict]:
    return _head(FOLDER / folder / "activity.md")["questions"]


def _head(path: Path) -> dict:
    return yaml.safe_load(path.read_text().split("---\n")[1])
