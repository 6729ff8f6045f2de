"""Cards on which people introduce themselves: filled in, presented in turn, and sorted. One card for a whole session.

What a phase is for follows from its plan. For each person: people present their cards, one after the other. With
options: those who facilitate sort what is on the cards into them, with a reason. Without questions: the sorted cards
and the course's objectives stand side by side. Else: people fill in their cards. The fields are the questions that the
session's phases of cards take up.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from activities.live.state import State, Step
from activities.live.turns import turn_clock
from activities.models import Attendance, CardField, SessionPhase
from activities.tools import card_moves
from activities.tools.base import Carried, Keyed, Tool
from activities.tools.card_wall import (
    FILL_IN,
    PRESENT,
    SORT,
    SORTED,
    Card,
    card_of,
    cards_of,
    questions_of,
    sorting_step,
    stage_of,
    still_to_present,
)
from activities.tools.choices import faults_in
from cohorts.constants import SMALL_NUMBER
from cohorts.report import Cell

# The field that is filled in beforehand with what the profile says.
NAME_KEY = "name-and-organization"
# What is on the cards is sorted into so many lists at most.
LISTS_MAX = 6
# Cards without a name that are printed for who comes late.
BLANK_CARDS = 2


class Cards(Tool):
    """See the module."""

    name = "cards"
    is_seen_at_once = True

    def __init__(self) -> None:
        self.actions = card_moves.ACTIONS
        self.host_actions = card_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with the lists into which is sorted what stands under some questions."""
        if options:
            yield from faults_in(options, least=2, most=LISTS_MAX)
            if not questions:
                yield _("choose the questions whose answers are sorted into these.")

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the wall of cards, who presents, and what is sorted, as far as the phase is for it."""
        step, cards = state.step, cards_of(state)
        is_shown = step.run.is_revealed or for_facilitators
        wall = [card for card in cards if not card.is_hidden and not card.is_empty]
        stage = stage_of(step)
        return {
            "stage": stage,
            "count": len(wall),
            "is_shown": is_shown,
            "wall": wall if is_shown else [],
            "hidden": [card for card in cards if card.is_hidden] if for_facilitators else [],
            "done": {card.attendance.pk for card in cards if not card.is_empty},
            **(_turns(state, cards) if stage == PRESENT else {}),
            **(_sorted(state, step, wall if is_shown else []) if stage in SORTED else {}),
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return my card as a form."""
        fields = {row.question_id: row for row in CardField.objects.filter(attendance=attendance)}
        card = card_of(attendance, fields, questions_of(state))
        user = attendance.membership.user
        for row in card.filled:
            if row.field is None and row.question["key"] == NAME_KEY:
                row.text = ", ".join(filter(None, [user.name, user.organization]))
        return {
            "card": card,
            "stage": stage_of(state.step),
            "is_open": state.step.run.started_at is not None,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return the cards with the first step that has them; what was sorted with the step that sorts."""
        stage = stage_of(step)
        wall = [card for card in cards_of(state) if not card.is_hidden and not card.is_empty]
        first = next(other for other in state.steps if other.plan.tool == self.name)
        return {
            "stage": stage,
            "wall": wall if step is first else [],
            "is_first": step is first,
            **(_sorted(state, step, wall) if stage in SORTED else {}),
        }

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return what is written on the cards, or where it was sorted; drawings by their words."""
        found = self.results(state, step)
        rows: list[list[Cell]] = []
        if found["wall"]:
            rows = [[_("Name"), *(question["text"] for question in questions_of(state))]]
            rows += [[card.name, *(row.text for row in card.filled)] for card in found["wall"]]
        elif found["stage"] == SORT:
            rows = [[_("Name"), _("On the card"), _("Sorted into"), _("Reason")]]
            rows += [[name, row.text, row.field.verdict, row.field.reason] for name, row in found["rows"]]
        return rows

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return a blank card for each person on paper, and some for who comes late; where cards are filled in."""
        if stage_of(step) != FILL_IN:
            return None
        names = [row.membership.user.name for row in state.participants if row.is_on_paper]
        return {"names": [*names, *[""] * BLANK_CARDS], "questions": questions_of(state)}

    def paper(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return who has no card yet, people on paper first, and what a card asks."""
        if stage_of(step) != FILL_IN:
            return None
        people = [card.attendance for card in cards_of(state) if card.is_empty]
        people.sort(key=lambda row: not row.is_on_paper)
        return {"people": people, "questions": questions_of(state)}

    def key_in(self, keyed: Keyed) -> str:
        """Fill in the card of one person who has none yet."""
        return card_moves.key_in(keyed)

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how much of what is on the cards was sorted where, if that tells of no single person."""
        found = self.results(state, step)
        if found["stage"] != SORT or len(found["rows"]) < SMALL_NUMBER:
            return []
        rows: list[list[Cell]] = [[option, len(sorted_here)] for option, sorted_here in found["lists"]]
        if found["open"]:
            rows.append([_("Not sorted"), len(found["open"])])
        return [[_("Sorted into"), _("How many")], *rows]

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return what stands on the cards under the questions of a phase that sorts, without names."""
        if not run.phase.options or not (run.is_revealed or run.session.ended_at):
            return []
        fields = CardField.objects.filter(
            attendance__session=run.session_id, question__phases=run.phase_id, is_hidden=False
        )
        return [Carried(str(row.pk), row.text, row.verdict) for row in fields.order_by("text", "pk")]


def _turns(state: State, cards: list[Card]) -> dict[str, Any]:
    """Return whose turn it is and how long it has been, who comes next, and who has presented."""
    run = state.step.run
    turns = {turn.attendance_id: turn for turn in run.card_turns.all()}
    here = next((turn for turn in turns.values() if turn.number == run.turn), None)
    called = {pk for pk, turn in turns.items() if not turn.is_skipped}
    waiting = still_to_present(cards, turns)
    return {
        "turn": run.turn,
        "card": next((card for card in cards if here and card.attendance.pk == here.attendance_id), None),
        "clock": turn_clock(run, state.step.each_seconds, state.now) if here else None,
        "waiting": waiting,
        "presented_count": len(called) - (1 if here else 0),
        "has_earlier": any(turn.number < run.turn for turn in turns.values()),
    }


def _sorted(state: State, step: Step, wall: list[Card]) -> dict[str, Any]:
    """Return what is on the cards in a list for each option, and what is not sorted yet."""
    source = step if step.plan.options else sorting_step(state)
    if source is None:
        return {"objectives": state.course.objectives, "options": [], "rows": [], "lists": [], "open": []}
    wanted = {question["id"] for question in source.plan.questions}
    rows = [(card.name, row) for card in wall for row in card.filled if row.field and row.question["id"] in wanted]
    return {
        "objectives": state.course.objectives,
        "options": source.plan.options,
        "rows": rows,
        "lists": [
            (option, [(name, row) for name, row in rows if row.field.verdict == option])
            for option in source.plan.options
        ],
        "open": [(name, row) for name, row in rows if row.field.verdict not in source.plan.options],
    }
