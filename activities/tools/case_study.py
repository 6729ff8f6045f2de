"""A case: its story beside its questions, which each group answers on a sheet that all of it write."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.clock import is_open
from activities.live.state import State, Step
from activities.models import Attendance, Correction
from activities.sheets import Sheet, sheet_for, sheets_of
from activities.tools.base import Keyed, RefusedError, Tool
from activities.tools.choices import faults_without_use
from activities.tools.words import words
from cohorts.report import Cell
from courses.constants import TEXT_MAX_LENGTH
from courses.parts import body

# Lines to write on under each question of a printed sheet.
LINES_PRINTED = 7


class CaseStudy(Tool):
    """See the module. People write through `session_write`: a sheet outlives its phase."""

    name = "case-study"

    def __init__(self) -> None:
        self.actions = {}
        self.host_actions = {}

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield that a sheet asks something, and offers nothing to choose from."""
        yield from faults_without_use(options)
        if not questions:
            yield _("choose the questions that groups answer on their sheets.")

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

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return the story, and the questions for the sheet of each group."""
        return {
            "handouts": [
                {"handout": handout, "body": body(handout.segments, state.course)}
                for handout in state.activity.handouts
            ],
            "groups": state.groups or [None],
            "questions": step.plan.questions,
            "lines": range(LINES_PRINTED),
        }

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the groups, and the questions to key in answers for."""
        return {"groups": state.groups, "questions": step.plan.questions}

    def key_in(self, keyed: Keyed) -> str:
        """Put what a group wrote on paper beside what stands on its sheet."""
        wanted = keyed.data.get("group", "0")
        group = next((group for group in keyed.state.groups if str(group.number) == wanted), None)
        if group is None and wanted != "0":
            raise RefusedError(_("Choose whose sheet this is."))
        rows = [
            Correction(run=keyed.step.run, paper=keyed.entry, group=group, question_id=question["id"], text=text)
            for question in keyed.step.plan.questions
            if (text := words(keyed.data, f"text-{question['id']}", TEXT_MAX_LENGTH, keeps_lines=True))
        ]
        if not rows:
            raise RefusedError(_("Write something first."))
        Correction.objects.bulk_create(rows)
        count = {"count": len(rows)}
        if group is None:
            return ngettext("%(count)s answer", "%(count)s answers", len(rows)) % count
        return ngettext("%(count)s answer of group %(group)s", "%(count)s answers of group %(group)s", len(rows)) % {
            **count,
            "group": group.number,
        }

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
                [
                    sheet.number or _("all"),
                    line.question["text"],
                    "\n".join(filter(None, [line.text, *(row.text for row in line.on_paper)])),
                    "\n".join(map(str, line.corrections)),
                ]
                for sheet in sheets_of(state, step)
                for line in sheet.lines
            ),
        ]
