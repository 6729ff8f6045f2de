"""Sheets as pages show them: the questions of a phase with what a group has written, and what was corrected."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import prefetch_related_objects

from activities.live.state import State, Step
from activities.models import Attendance, Correction, Group, Phase, SheetAnswer
from courses.published import Data

# Who wrote so long ago, or less, has the pen in hand.
PEN = dt.timedelta(seconds=20)


@dataclass
class Line:
    """One question with its answer; `pen` is who else is writing there now. `error` and `draft` are of one's own.

    `outcome` says what became of a text that was refused: "kept" beside the answer, or to be sent "again".
    """

    question: Data
    answer: SheetAnswer | None = None
    corrections: list[Correction] = field(default_factory=list)
    pen: Attendance | None = None
    on_paper: list[Correction] = field(default_factory=list)
    error: str = ""
    draft: str | None = None
    outcome: str = ""
    is_conflict: bool = False

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def is_answered(self) -> bool:
        """Whether anything was typed or written on paper."""
        return bool(self.text.strip() or self.on_paper)

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def box_text(self) -> str:
        """What stands in the box to write in."""
        return self.text if self.draft is None else self.draft


@dataclass
class Sheet:
    """The sheet of a group, or without *group* the one that all share."""

    step: Step
    group: Group | None
    lines: list[Line]

    @property
    def number(self) -> int:
        """The group's number; 0 for the sheet that all share."""
        return self.group.number if self.group else 0

    @property
    def parts(self) -> list[tuple[str, list[Line]]]:
        """The lines, those that stand together under one heading together."""
        return [(name, list(lines)) for name, lines in groupby(self.lines, key=lambda line: line.question["heading"])]

    @property
    def answered_count(self) -> int:
        return sum(line.is_answered for line in self.lines)

    @property
    def has_anything(self) -> bool:
        return any(line.is_answered or line.corrections for line in self.lines)

    @property
    def stamp(self) -> tuple[int, ...]:
        """What changes with everything on the sheet."""
        counts = ((line.version, len(line.corrections), len(line.on_paper)) for line in self.lines)
        return tuple(number for row in counts for number in row)

    def line(self, key: str) -> Line:
        """Return the line of the question with *key*, or raise LookupError."""
        return next((line for line in self.lines if line.question["key"] == key), None) or _missing(key)


def sheets_of(state: State, step: Step, *, reader: Attendance | None = None) -> list[Sheet]:
    """Return the sheets of *step*: each group's, and the one that all share if there are no groups or it is not empty.

    *reader* is shown whose pen moves, but for the own one.
    """
    # Kept with the run: a page that needs them twice asks once.
    prefetch_related_objects([step.run], "sheetanswers", "corrections")
    answers = {(row.group_id, row.question_id): row for row in step.run.sheetanswers.all()}
    corrections, on_paper = defaultdict(list), defaultdict(list)
    for row in step.run.corrections.all():
        (on_paper if row.paper_id else corrections)[row.group_id, row.question_id].append(row)
    people = {row.pk: row for row in state.attendances}

    def line(group: Group | None, question: Data) -> Line:
        place = (group.pk if group else None, question["id"])
        answer = answers.get(place)
        writes = answer and answer.pen_at and state.now - answer.pen_at < PEN
        pen = people.get(answer.pen_id) if writes and reader and answer.pen_id != reader.pk else None
        return Line(question, answer, corrections[place], pen, on_paper[place])

    sheets = [Sheet(step, group, [line(group, row) for row in step.plan.questions]) for group in (*state.groups, None)]
    return [sheet for sheet in sheets if sheet.group or sheet.has_anything or len(sheets) == 1]


def sheet_for(sheets: Sequence[Sheet], group: Group | None) -> Sheet | None:
    """Return the sheet of *group* among *sheets*."""
    return next((sheet for sheet in sheets if sheet.group == group), None)


def step_of_sheets(state: State, position: int) -> Step:
    """Return the step at *position* if people write on sheets there, or raise LookupError."""
    step = next((step for step in state.steps if step.position == position), None)
    return step if step and step.plan.tool == Phase.Tool.CASE_STUDY else _missing(position)


def writes_on(state: State, attendance: Attendance | None, number: int) -> bool:
    """Return whether somebody belongs to the group with *number*; to 0, which all share, while there are no groups."""
    if attendance is None or attendance.membership.is_facilitator:
        return False
    group = state.group_of(attendance)
    return group.number == number if group else number == 0 and not state.groups


def _missing(key: object) -> None:
    raise LookupError(key)
