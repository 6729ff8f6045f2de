"""The writes that touch several rows or need a lock. Each is one short transaction; doing one twice is harmless."""

from courses.services.content import publish
from courses.services.learning import enrol, mark_section, visit_section
from courses.services.writing import (
    Draft,
    StaleTextError,
    TextRefusedError,
    save_answer,
    save_note,
)

__all__ = [
    "Draft",
    "StaleTextError",
    "TextRefusedError",
    "enrol",
    "mark_section",
    "publish",
    "save_answer",
    "save_note",
    "visit_section",
]
