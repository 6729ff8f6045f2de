"""Cards as they stand in a session: what they ask, whose they are, and what a phase does with them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from activities.live.state import State, Step
from activities.models import Attendance, CardField, CardTurn
from activities.tools.drawings import lines_of
from courses.published import Data

FILL_IN, PRESENT, SORT, CLOSE = "fill-in", "present", "sort", "close"
SORTED = (SORT, CLOSE)


@dataclass
class Filled:
    """One field of a card: the question, and what stands there."""

    question: Data
    field: CardField | None
    text: str = ""

    @property
    def label(self) -> str:
        return self.question["heading"] or self.question["text"]

    @property
    def text_name(self) -> str:
        return f"text-{self.question['id']}"

    @property
    def drawing_name(self) -> str:
        return f"drawing-{self.question['id']}"

    @property
    def lines(self) -> list[str]:
        return lines_of(self.field.drawing) if self.field else []

    @property
    def strokes(self) -> str:
        return json.dumps(self.field.drawing, separators=(",", ":")) if self.field and self.field.drawing else ""


@dataclass
class Card:
    """Somebody's card; empty for who has none yet."""

    attendance: Attendance
    filled: list[Filled]

    @property
    def name(self) -> str:
        return self.attendance.membership.user.name

    @property
    def is_hidden(self) -> bool:
        return any(row.field.is_hidden for row in self.filled if row.field)

    @property
    def is_empty(self) -> bool:
        return not any(row.field for row in self.filled)


def stage_of(step: Step) -> str:
    """Return what a phase of cards is for; see `activities.tools.cards`."""
    if step.plan.per == "person":
        return PRESENT
    if step.plan.options:
        return SORT
    return FILL_IN if step.plan.questions else CLOSE


def questions_of(state: State) -> list[Data]:
    """Return what a card asks: all questions that the session's phases of cards take up, each once."""
    taken_up = (question for step in state.steps if step.plan.tool == "cards" for question in step.plan.questions)
    return list({question["id"]: question for question in taken_up}.values())


def sorting_step(state: State) -> Step | None:
    """Return the step in which cards are sorted; None if there is none."""
    return next((step for step in state.steps if step.plan.tool == "cards" and stage_of(step) == SORT), None)


def still_to_present(cards: Iterable[Card], turns: dict[int, CardTurn]) -> list[Card]:
    """Return who is still to present: first whoever was not called yet, then who was passed over."""
    new = [card for card in cards if card.attendance.pk not in turns]
    skipped = [card for card in cards if card.attendance.pk in turns and turns[card.attendance.pk].is_skipped]
    return new + sorted(skipped, key=lambda card: turns[card.attendance.pk].number)


def cards_of(state: State) -> list[Card]:
    """Return everybody's card, also those that are empty: who facilitates first, then as people arrived."""
    questions = questions_of(state)
    fields: dict[int, dict[int, CardField]] = {}
    for row in CardField.objects.filter(attendance__session=state.session):
        fields.setdefault(row.attendance_id, {})[row.question_id] = row
    people = sorted(state.attendances, key=lambda row: not row.membership.is_facilitator)
    cards = [card_of(row, fields.get(row.pk, {}), questions) for row in people]
    return [card for card in cards if not (card.is_empty and card.attendance.membership.is_facilitator)]


def card_of(attendance: Attendance, fields: dict[int, CardField], questions: list[Data]) -> Card:
    """Return the card of somebody, whose *fields* are given by their questions."""
    rows = [(question, fields.get(question["id"])) for question in questions]
    return Card(attendance, [Filled(question, field, field.text if field else "") for question, field in rows])
