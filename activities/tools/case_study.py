"""A case: its story beside its questions, which each group answers on a sheet that all of it write."""

from typing import Any

from django.utils.translation import gettext as _

from activities.live.clock import is_open
from activities.live.state import State, Step
from activities.models import Attendance
from activities.sheets import Sheet, sheet_for, sheets_of
from activities.tools.base import Tool
from cohorts.report import Cell
from courses.parts import body


class CaseStudy(Tool):
    """See the module. People write through `session_write`: a sheet outlives its phase."""

    name = "case-study"

    def __init__(self) -> None:
        self.actions = {}
        self.host_actions = {}

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return how far each group is; what it has written is its own until it is presented."""
        sheets = sheets_of(state, state.step)
        return {
            "shows_all": True,
            "sheets": sheets,
            "questions_count": len(state.step.plan.questions),
            "stamps": {sheet.number: sheet.stamp for sheet in sheets},
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return the story, and the sheet of one's group: None for whoever sits in none."""
        step, extra = state.step, attendance.extra_seconds
        sheets = [] if attendance.membership.is_facilitator else sheets_of(state, step, reader=attendance)
        group = state.group_of(attendance)
        return {
            "handouts": [
                {"handout": handout, "body": body(handout.segments, state.course)}
                for handout in state.activity.handouts
            ],
            "sheet": sheet_for(sheets, group) if group or not state.groups else None,
            "is_open": is_open(step.run, state.now, extra_seconds=extra) and not state.session.is_frozen,
            "has_begun": step.run.started_at is not None,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return every sheet."""
        return {"sheets": sheets_of(state, step)}

    def presented(self, state: State, step: Step) -> list[Sheet]:
        """Return every sheet: each group shows its own."""
        return sheets_of(state, step)

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many questions each group has answered."""
        total = len(step.plan.questions)
        head: list[Cell] = [_("Group"), _("Questions answered"), _("Of")]
        return [
            head,
            *(
                [
                    _("Group %(number)s") % {"number": sheet.number} if sheet.group else _("All together"),
                    sheet.answered_count,
                    total,
                ]
                for sheet in sheets_of(state, step)
            ),
        ]

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each answer of each group, with what was corrected."""
        head: list[Cell] = [_("Group"), _("Question"), _("Answer"), _("Corrections and additions")]
        return [
            head,
            *(
                [sheet.number or _("all"), line.question["text"], line.text, "\n".join(map(str, line.corrections))]
                for sheet in sheets_of(state, step)
                for line in sheet.lines
            ),
        ]
