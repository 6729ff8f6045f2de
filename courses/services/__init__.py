"""The writes that touch several rows or need a lock. Each is one short transaction; doing one twice is harmless."""

from courses.services.content import publish
from courses.services.learning import enrol, mark_section, visit_section
from courses.services.objectives import (
    RatingRefusedError,
    TooManyNextStepsError,
    add_next_step,
    rate_objectives,
)
from courses.services.rescue import RescuedText, UnknownPlaceError, hand_in_rescue_file
from courses.services.writing import (
    Draft,
    StaleTextError,
    TextRefusedError,
    save_answer,
    save_note,
)

__all__ = [
    "Draft",
    "RatingRefusedError",
    "RescuedText",
    "StaleTextError",
    "TextRefusedError",
    "TooManyNextStepsError",
    "UnknownPlaceError",
    "add_next_step",
    "enrol",
    "hand_in_rescue_file",
    "mark_section",
    "publish",
    "rate_objectives",
    "save_answer",
    "save_note",
    "visit_section",
]
