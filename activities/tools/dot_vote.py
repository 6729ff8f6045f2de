"""Votes with dots: three of colour A and three of colour B, each on another choice; hidden until they are revealed.

Colour A marks what is most affected, colour B what affects most. Those who facilitate do not vote.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.models import Attendance, Choice, Dot, PaperDots, SessionPhase
from activities.models.content import option_lines
from activities.models.votes import DOTS_PER_COLOUR
from activities.tools.base import Carried, Keyed, Move, RefusedError, Tool
from activities.tools.choices import faults_in
from activities.tools.words import whole_number
from cohorts.constants import SMALL_NUMBER
from cohorts.report import Cell

# As long as there is more room on a screen than anybody needs.
CHOICES_MAX = 20
# A choice is contested when it has at least this share of the dots of each colour that the highest one has.
_CONTESTED = 0.5
# So many ballots are printed where nobody is on paper yet.
BALLOTS_LEAST = 4


@dataclass
class Bar:
    """How many dots of each colour a choice has; *widths* are whole percents of the highest bar."""

    choice: Choice
    a: int
    b: int
    highest: int
    on_paper: int = 0

    @property
    def width_a(self) -> int:
        return round(100 * self.a / self.highest) if self.highest else 0

    @property
    def width_b(self) -> int:
        return round(100 * self.b / self.highest) if self.highest else 0


class DotVote(Tool):
    """See the module."""

    name = "dot-vote"

    def __init__(self) -> None:
        self.actions = {"place": place, "take-back": take_back}
        self.host_actions = {"add-choice": add_choice}

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with what is to be voted on."""
        return faults_in(options, least=2, most=CHOICES_MAX)

    def open(self, run: SessionPhase) -> None:
        """Put the activity's own choices into the session, once."""
        options = enumerate(option_lines(run.phase.options), start=1)
        Choice.objects.bulk_create(
            (Choice(run=run, text=text, position=place) for place, text in options), ignore_conflicts=True
        )

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the choices, who has finished, and the bars once they are revealed (to facilitators no earlier)."""
        run = state.step.run
        placed = Dot.objects.filter(run=run).values_list("attendance_id").annotate(count=Count("pk"))
        done = {pk for pk, count in placed if count == 2 * DOTS_PER_COLOUR} & state.participant_ids
        return {
            "choices": list(run.choices.all()),
            "voters_count": len(state.participant_ids),
            "done_count": len(done),
            "ballots_count": sum(entry.people for entry in state.paper_entries if entry.run_id == run.pk),
            "done": done,
            **(self.results(state, state.step) if run.is_revealed else {}),
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return each choice with my own dots on it, and how many I have left."""
        run = state.step.run
        dots = list(Dot.objects.filter(run=run, attendance=attendance))
        placed = {(dot.choice_id, dot.colour) for dot in dots}
        return {
            "rows": [
                {"choice": choice, "a": (choice.pk, "a") in placed, "b": (choice.pk, "b") in placed}
                for choice in run.choices.all()
            ],
            "left_a": DOTS_PER_COLOUR - sum(dot.colour == "a" for dot in dots),
            "left_b": DOTS_PER_COLOUR - sum(dot.colour == "b" for dot in dots),
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return the bars, highest first, and which choices are contested."""
        bars = bars_of(step.run)
        return {"bars": bars, "contested": contested(bars), "on_paper": sum(bar.on_paper for bar in bars)}

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each choice with its dots, highest first."""
        bars = bars_of(step.run)
        both = contested(bars)
        head: list[Cell] = [_("Choice"), _("Colour A"), _("Colour B"), _("Contested")]
        return [head, *([bar.choice.text, bar.a, bar.b, _("yes") if bar.choice.pk in both else ""] for bar in bars)]

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return the choices for the ballots, one for each person on paper and as many again for who comes late."""
        people = sum(row.is_on_paper for row in state.participants)
        return {"choices": step.run.choices.all(), "ballots": range(max(BALLOTS_LEAST, people + 2)), "slots": "123"}

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the choices to key in dots for."""
        return {"choices": step.run.choices.all()}

    def key_in(self, keyed: Keyed) -> str:
        """Count the dots on so many ballots: of a colour no more than three for each, on a choice no more than one."""
        people, dots = keyed.entry.people, []
        for place, choice in enumerate(keyed.step.run.choices.all(), start=1):
            for colour in Dot.Colour.values:
                if count := whole_number(keyed.data, f"{colour}-{place}", people):
                    dots.append(PaperDots(paper=keyed.entry, choice=choice, colour=colour, count=count, people=people))
        for colour in Dot.Colour.values:
            total = sum(row.count for row in dots if row.colour == colour)
            if total > DOTS_PER_COLOUR * people:
                raise RefusedError(
                    _("These are %(total)s dots of colour %(colour)s, but %(people)s people have %(most)s.")
                    % {"total": total, "colour": colour.upper(), "people": people, "most": DOTS_PER_COLOUR * people}
                )
        if not dots:
            raise RefusedError(_("Key in how many dots there are."))
        PaperDots.objects.bulk_create(dots)
        total = sum(row.count for row in dots)
        return ngettext("%(dots)s dots of %(people)s person", "%(dots)s dots of %(people)s people", people) % {
            "dots": total,
            "people": people,
        }

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return the dots of each choice and colour, if they are of so many people that they tell of none of them."""
        voted = step.run.dots.aggregate(people=Count("attendance", distinct=True))["people"]
        on_paper = step.run.paper_entries.aggregate(people=Sum("people"))["people"] or 0
        if voted + on_paper < SMALL_NUMBER:
            return []
        head: list[Cell] = [_("Choice"), _("A: most affected by migration"), _("B: affects migration most")]
        return [head, *([bar.choice.text, bar.a, bar.b] for bar in bars_of(step.run))]

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the choices with the most dots of each colour, once all have seen the result."""
        if not (run.is_revealed or run.session.ended_at):
            return []
        bars = bars_of(run)
        names = {"a": _("Most affected by migration"), "b": _("Affects migration most")}
        return [
            Carried(f"{bar.choice.pk}-{colour}", bar.choice.text, names[colour])
            for colour in names
            for bar in top(bars, colour)
        ]


def bars_of(run: SessionPhase) -> list[Bar]:
    """Return each choice with its dots, most of both colours together first."""
    placed = run.dots.values_list("choice_id", "colour").annotate(count=Count("pk"), from_paper=Value(False))
    keyed = PaperDots.objects.filter(paper__run=run).values_list("choice_id", "colour", "count")
    counts, on_paper = Counter(), Counter()
    for choice_id, colour, count, from_paper in placed.union(keyed.annotate(from_paper=Value(True)), all=True):
        counts[choice_id, colour] += count
        on_paper[choice_id] += count if from_paper else 0
    highest = max(counts.values(), default=0)
    bars = [
        Bar(
            choice,
            counts[choice.pk, "a"],
            counts[choice.pk, "b"],
            highest,
            on_paper[choice.pk],
        )
        for choice in run.choices.all()
    ]
    return sorted(bars, key=lambda bar: (-(bar.a + bar.b), bar.choice.position))


def top(bars: list[Bar], colour: str) -> list[Bar]:
    """Return the choices with the most dots of one colour, most first: three, and more where they have as many."""
    ranked = sorted((bar for bar in bars if getattr(bar, colour)), key=lambda bar: -getattr(bar, colour))
    return [bar for bar in ranked if getattr(bar, colour) >= getattr(ranked[:DOTS_PER_COLOUR][-1], colour)]


def contested(bars: list[Bar]) -> set[int]:
    """Return the ids of the choices that stand high in both colours."""
    most_a, most_b = max((bar.a for bar in bars), default=0), max((bar.b for bar in bars), default=0)
    return {
        bar.choice.pk
        for bar in bars
        if bar.a and bar.b and bar.a >= most_a * _CONTESTED and bar.b >= most_b * _CONTESTED
    }


def place(move: Move) -> None:
    """Place a dot of one colour on a choice; the same once more changes nothing."""
    if move.is_facilitator:
        raise RefusedError(_("Those who facilitate do not vote."))
    run, colour = move.state.step.run, _colour(move)
    choice = _choice(run, move.data.get("choice", ""))
    mine = Dot.objects.filter(run=run, attendance=move.attendance, colour=colour)
    if mine.filter(choice=choice).exists():
        return
    free = set(range(1, DOTS_PER_COLOUR + 1)) - set(mine.values_list("slot", flat=True))
    if not free:
        raise RefusedError(
            _("All your dots of colour %(colour)s are placed: take one back first.") % {"colour": colour.upper()}
        )
    try:
        with transaction.atomic():
            Dot.objects.create(run=run, attendance=move.attendance, choice=choice, colour=colour, slot=min(free))
    except IntegrityError:
        # Somebody with the same name on another device was quicker: what is placed is placed.
        return


def take_back(move: Move) -> None:
    """Take a dot back; one that is not there is no mistake."""
    run, colour = move.state.step.run, _colour(move)
    choice = _choice(run, move.data.get("choice", ""))
    Dot.objects.filter(run=run, attendance=move.attendance, choice=choice, colour=colour).delete()


def add_choice(move: Move) -> None:
    """Add something to vote on."""
    run, text = move.state.step.run, " ".join(move.data.get("text", "").split())
    if not 0 < len(text) <= Choice._meta.get_field("text").max_length or "\0" in text:
        raise RefusedError(_("Write what to vote on, in a few words."))
    if run.choices.count() >= CHOICES_MAX:
        raise RefusedError(_("There are %(count)s choices already: that is enough.") % {"count": CHOICES_MAX})
    if not run.choices.filter(text__iexact=text).exists():
        last = run.choices.aggregate(last=Max("position"))["last"] or 0
        Choice.objects.create(run=run, text=text, position=last + 1, is_added=True)


def _colour(move: Move) -> str:
    colour = move.data.get("colour", "")
    if colour not in Dot.Colour.values:
        raise LookupError(colour)
    return colour


def _choice(run: SessionPhase, pk: str) -> Choice:
    # Compared as text: digits of other scripts, or thousands of them, are numbers to some and none to others.
    choice = next((choice for choice in run.choices.all() if str(choice.pk) == pk), None)
    if choice is None:
        raise RefusedError(_("This is not to be voted on any more."))
    return choice
