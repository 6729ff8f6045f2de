"""An interview: questions are drawn from a bank, each is asked of somebody at random, and the answer is given aloud.

The bank is the phase's questions and what those who facilitate add. Nobody gets a mark: who has the microphone is told
while they have it, and what is kept is what became of a question, never how somebody answered.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from activities.live.state import State, Step
from activities.live.turns import turn_clock
from activities.models import Asking, Attendance, InterviewQuestion, LastStep, Outcome, SessionPhase
from activities.tools import interview_moves
from activities.tools.base import Keyed, Tool
from activities.tools.interview_bank import Aim, Bank, aims_of, bank_of, by_heading
from cohorts.report import Cell

# How long whoever has the microphone may speak.
ANSWER_SECONDS = 60


class Interview(Tool):
    """See the module."""

    name = "interview"

    def __init__(self) -> None:
        self.actions = interview_moves.ACTIONS
        self.host_actions = interview_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with a phase that has nothing to choose from."""
        if options:
            yield _("an interview has no options: its questions are what is asked.")

    def open(self, run: SessionPhase) -> None:
        """Put the phase's questions into the session, each once: what an editor changes later changes no question."""
        rows = run.phase.questions.filter(archived_at=None).order_by("position", "pk")
        InterviewQuestion.objects.bulk_create(
            (
                InterviewQuestion(
                    run=run,
                    question=row,
                    objective_id=row.objective_id,
                    text=row.text,
                    heading=row.heading,
                    position=place,
                )
                for place, row in enumerate(rows, start=1)
            ),
            ignore_conflicts=True,
        )

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the question that is open with who has the microphone, and how far the interview is."""
        run = state.step.run
        bank, asking = bank_of(state, run), _asking(run)
        holder = _person(state, asking.holder_id) if asking else None
        entry = next((entry for entry in bank.entries if asking and entry.row.pk == asking.question_id), None)
        return {
            "shows_all": True,
            "turn": run.turn,
            "entry": entry,
            "holder": _name(holder) if holder and run.has_names else "",
            "is_held": holder is not None,
            "clock": turn_clock(run, ANSWER_SECONDS, state.now) if holder else None,
            "discussed_count": len(bank.discussed),
            "total": bank.total,
            "is_over": not bank.remaining and bool(bank.discussed),
            "paper_count": bank.from_paper_count,
            "has_names": run.has_names,
            **(self._desk(state, bank, asking) if for_facilitators else {}),
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return whether I have the microphone; for facilitators the objectives that a question may be for."""
        asking = _asking(state.step.run)
        return {
            "has_microphone": asking is not None and asking.holder_id == attendance.pk,
            "question": asking.question.text if asking else "",
            "turn": state.step.run.turn,
            "aims": aims_of(state.course) if attendance.membership.is_facilitator else [],
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return what was discussed, and what was unclear with where to read it again."""
        bank = bank_of(state, step.run)
        return {
            "groups": by_heading(bank.discussed),
            "unclear": bank.unclear,
            "count": len(bank.discussed),
            "total": bank.total,
            "paper_count": bank.from_paper_count,
        }

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each question that was discussed, and what was unclear of it; nothing of who was asked."""
        head: list[Cell] = [_("Subject"), _("Question"), _("Learning objective"), _("Unclear"), _("Read again")]
        bank = bank_of(state, step.run)
        return [
            [*head, _("Came in")],
            *(
                [
                    entry.row.heading,
                    entry.row.text,
                    entry.aim.text if entry.aim else "",
                    (entry.outcome.note or _("yes")) if entry.is_unclear else "",
                    entry.aim.source if entry.is_unclear and entry.aim else "",
                    _("in the room") if entry.outcome.paper_id else "",
                ]
                for entry in bank.discussed
            ),
        ]

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return for each objective what became of its questions, and what was unclear."""
        head: list[Cell] = [_("Learning objective"), _("Discussed"), _("Completed by another"), _("Corrected")]
        counts: dict[Aim | None, Counter[str]] = {}
        notes: dict[Aim | None, list[str]] = {}
        for entry in bank_of(state, step.run).discussed:
            counts.setdefault(entry.aim, Counter())[entry.outcome.kind] += 1
            notes.setdefault(entry.aim, []).extend([entry.outcome.note] if entry.outcome.note else [])
        rows: list[list[Cell]] = [[*head, _("Unclear"), _("What was unclear")]]
        for aim, found in counts.items():
            kinds = [found[kind] for kind in (Outcome.Kind.COMPLETED, Outcome.Kind.CORRECTED, Outcome.Kind.UNCLEAR)]
            rows.append([aim.text if aim else _("none"), found.total(), *kinds, "; ".join(notes[aim])])
        return rows

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return a card for each question that was not discussed yet; None once all were."""
        entries = bank_of(state, step.run).remaining
        return {"groups": by_heading(entries), "outcomes": Outcome.Kind.choices} if entries else None

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the questions whose outcome may be keyed in."""
        entries = interview_moves.open_entries(state, step)
        return {
            "groups": [
                (
                    heading,
                    [
                        {"entry": entry, "name": f"outcome-{entry.id}", "note": f"text-note-{entry.id}"}
                        for entry in rows
                    ],
                )
                for heading, rows in by_heading(entries)
            ],
            "outcomes": Outcome.Kind.choices,
        }

    def key_in(self, keyed: Keyed) -> str:
        """Store what became of questions that were discussed on paper."""
        return interview_moves.key_in(keyed)

    def _desk(self, state: State, bank: Bank, asking: Asking | None) -> dict[str, Any]:
        """Return what only the console shows."""
        run = state.step.run
        last = LastStep.objects.filter(run=run).first()
        people = interview_moves.people_to_ask(state)
        had = set(run.asked.filter(times__gte=1).values_list("attendance_id", flat=True))
        helpers = [row for row in state.participants if asking and row.pk != asking.holder_id]
        return {
            "bank": bank,
            "undo": last.get_kind_display() if last else "",
            "untouched": bank.untouched,
            "unasked_count": sum(row.pk not in had for row in people),
            "people_count": len(people),
            "helpers": [{"id": str(row.public_id), "name": _name(row)} for row in helpers] if run.has_names else [],
            "can_draw": asking is None and bool(bank.remaining) and run.started_at is not None,
        }


def _asking(run: SessionPhase) -> Asking | None:
    return Asking.objects.filter(run=run).select_related("question").first()


def _person(state: State, pk: int | None) -> Attendance | None:
    return next((row for row in state.participants if row.pk == pk), None)


def _name(row: Attendance) -> str:
    return row.membership.user.name
