"""A balance: factors on one of two sides (the phase's options), and a beam that leans to the heavier one.

A factor weighs as much as people stand behind it: whoever wrote it, and all who say “me too”. Who writes what lies
there already stands behind it. What is an effect and no factor is set aside, weighs nothing, and asks for its cause.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.models import Attendance, Factor, FactorVoice, SessionPhase
from activities.models.contributions import TEXT_MAX
from activities.tools.base import Carried, Keyed, Move, RefusedError, Tool
from activities.tools.of_the_room import (
    MOST_KEYED,
    Slip,
    facts_of,
    moderation,
    own_or_any,
    refuse_too_many,
    row_of,
    rows_of,
    take_back,
)
from activities.tools.origins import taken_along
from activities.tools.words import lines, some_words
from cohorts.report import Cell

SIDES = 2
# The beam leans no further than so many degrees; half the way when one side has all of a few.
LEANS_MOST = 14
# Where it hangs, and how long each arm is, in the drawing's units.
_PIVOT, _ARM = (200, 40), 130


@dataclass(frozen=True)
class FactorSlip(Slip):
    """A factor as everybody may see it; `voices` say “me too”."""

    side: str
    voices: int
    is_effect: bool

    @property
    def weight(self) -> int:
        return 1 + self.voices


@dataclass(frozen=True)
class Side:
    """One side of the balance: its factors, and where its pan hangs in the drawing."""

    name: str
    slips: list[FactorSlip]
    x: float
    y: float

    @property
    def weight(self) -> int:
        return sum(slip.weight for slip in self.slips)


class Balance(Tool):
    """See the module."""

    name = "balance"
    is_seen_at_once = True
    takes_in = True

    def __init__(self) -> None:
        self.actions = {
            "add-factor": add,
            "change-factor": change,
            "take-back-factor": lambda move: take_back(move, move.state.step.run.factors),
            "support-factor": support,
            "leave-factor": leave,
        }
        rows = moderation(lambda move: move.state.step.run.factors)
        self.host_actions = {
            "hide-factor": rows["hide"],
            "restore-factor": rows["restore"],
            "discuss-factor": rows["discuss"],
            "is-effect": lambda move: mark(move, is_effect=True),
            "is-factor": lambda move: mark(move, is_effect=False),
        }

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with the sides of a balance."""
        if len(options) != SIDES:
            yield _("a balance has two sides: write one on each of two lines.")
        elif options[0].casefold() == options[1].casefold():
            yield _("the two sides have the same name.")

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return both sides with the beam between them, and what is set aside; hidden ones to facilitators alone."""
        step = state.step
        slips = slips_of(step)
        is_shown = step.run.is_revealed or for_facilitators
        shown = [slip for slip in slips if not slip.is_hidden]
        return {
            "is_shown": is_shown,
            "count": len(shown),
            **(_weighed(step, shown) if is_shown else {}),
            "discussed": next((slip for slip in shown if slip.is_discussed and is_shown), None),
            "hidden": [slip for slip in slips if slip.is_hidden and for_facilitators],
            "has_names": step.run.has_names,
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return my factors, and those of others that I may stand behind; to facilitators all are theirs to change."""
        step = state.step
        backed = set(
            FactorVoice.objects.filter(attendance=attendance, factor__run=step.run).values_list("factor", flat=True)
        )
        rows = _rows(step)
        is_facilitator = attendance.membership.is_facilitator
        own = [row for row in rows if is_facilitator or row.attendance_id == attendance.pk]
        others = [row for row in rows if row not in own and not row.is_hidden and not row.is_effect]
        return {
            "sides": step.plan.options,
            "has_names": step.run.has_names,
            "own": [_slip(row, has_names=False) for row in own],
            "written": {str(row.public_id) for row in own if row.attendance_id == attendance.pk},
            "others": [(_slip(row, has_names=False), row.pk in backed) for row in others if step.run.is_revealed],
            "is_open": step.run.started_at is not None or is_facilitator,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return the balance as it came to stand."""
        shown = [slip for slip in slips_of(step) if not slip.is_hidden]
        return {"count": len(shown), **_weighed(step, shown)}

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each factor with its side and weight."""
        found = self.results(state, step)
        head: list[Cell] = [_("Side"), _("Factor"), _("Stand behind it")]
        has_names = step.run.has_names
        slips = [*(slip for side in found["sides"] for slip in side.slips), *found["effects"]]
        return [
            [*head, *([_("By")] if has_names else [])],
            *(
                [
                    _("Set aside: an effect") if slip.is_effect else slip.side,
                    slip.text,
                    slip.weight,
                    *([slip.by or slip.origin] if has_names else []),
                ]
                for slip in slips
            ),
        ]

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many factors lie on each side."""
        sides = self.results(state, step)["sides"]
        return [[_("Side"), _("Factors")], *([side.name, len(side.slips)] for side in sides)]

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return the two sides, with what lies there already."""
        return {**self.results(state, step), "lines": range(12)}

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the sides to key in factors for."""
        return {"sides": step.plan.options}

    def key_in(self, keyed: Keyed) -> str:
        """Put each line on its side; where it lies already, one more stands behind it."""
        run, count = keyed.step.run, 0
        for place, side in enumerate(keyed.step.plan.options, start=1):
            for text in {line.casefold(): line for line in lines(keyed.data, f"factors-{place}", TEXT_MAX)}.values():
                count += 1
                if known := run.factors.filter(side=side, text__iexact=text).first():
                    FactorVoice.objects.create(factor=known, paper=keyed.entry)
                else:
                    Factor.objects.create(run=run, paper=keyed.entry, side=side, text=text)
        if not count:
            raise RefusedError(_("Write something first."))
        if count > MOST_KEYED:
            raise RefusedError(_("These are more than %(most)s: key them in in parts.") % {"most": MOST_KEYED})
        return ngettext("%(count)s factor", "%(count)s factors", count) % {"count": count}

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the factors that all have seen, without what is an effect."""
        if not (run.is_revealed or run.session.ended_at):
            return []
        rows = run.factors.filter(is_hidden=False, is_effect=False).order_by("side", "public_id")
        return [Carried(str(row.public_id), row.text, row.side) for row in rows]

    def taken(self, state: State) -> set[tuple[int | None, str]]:
        """Return what the balance has taken in already."""
        return taken_along(state.step.run.factors)

    def take_in(self, move: Move, carried: list[Carried], origin: SessionPhase) -> None:
        """Put each of *carried* on the side that the form names or, without one, on that which it had there."""
        sides, wanted = move.state.step.plan.options, move.data.get("kind", "")
        rows = [
            Factor(
                run=move.state.step.run,
                origin=origin,
                origin_key=row.key,
                side=wanted or row.kind,
                text=Truncator(row.text).chars(TEXT_MAX),
            )
            for row in carried
        ]
        if any(row.side not in sides for row in rows):
            raise RefusedError(_("Choose on which side to put it."))
        Factor.objects.bulk_create(rows, ignore_conflicts=True)


def slips_of(step: Step) -> list[FactorSlip]:
    """Return all factors of a balance as they may be seen, hidden ones too."""
    return [_slip(row, has_names=step.run.has_names) for row in _rows(step)]


def _rows(step: Step) -> list[Factor]:
    return rows_of(step.run, "factors", Factor.objects.annotate(voice_count=Count("voices")))


def _slip(row: Factor, *, has_names: bool) -> FactorSlip:
    facts = facts_of(row, has_names=has_names)
    return FactorSlip(**facts, side=row.side, voices=row.voice_count, is_effect=row.is_effect)


def _weighed(step: Step, shown: list[FactorSlip]) -> dict[str, Any]:
    """Return the sides and how the beam leans: by how much of all the weight one side has more than the other."""
    names = list(dict.fromkeys([*step.plan.options, *(slip.side for slip in shown)]))[:SIDES]
    loads = [[slip for slip in shown if slip.side == name and not slip.is_effect] for name in names]
    left, right = (sum(slip.weight for slip in load) for load in (*loads, [], [])[:SIDES])
    angle = math.radians(LEANS_MOST * (right - left) / max(left + right, 4))
    away = (round(_ARM * math.cos(angle), 1), round(_ARM * math.sin(angle), 1))
    ends = [(_PIVOT[0] - away[0], _PIVOT[1] - away[1]), (_PIVOT[0] + away[0], _PIVOT[1] + away[1])]
    sides = [Side(name, load, *end) for name, load, end in zip(names, loads, ends, strict=False)]
    heavier = None if left == right or len(sides) < SIDES else sides[int(right > left)]
    return {"sides": sides, "heavier": heavier, "effects": [slip for slip in shown if slip.is_effect]}


# --- What people do -----------------------------------------------------------------------------------------


def add(move: Move) -> None:
    """Put a factor on a side; where it lies already, stand behind it."""
    run, side = move.state.step.run, _side(move)
    text = some_words(move.data, "text", TEXT_MAX)
    known = run.factors.filter(side=side, text__iexact=text).first()
    if known:
        _stand_behind(known, move)
        return
    refuse_too_many(move, run.factors)
    Factor.objects.create(run=run, attendance=move.attendance, side=side, text=text)


def change(move: Move) -> None:
    """Write a factor anew, or move it to the other side."""
    run = move.state.step.run
    row = row_of(move, own_or_any(move, run.factors))
    row.side, row.text = _side(move), some_words(move.data, "text", TEXT_MAX)
    if run.factors.filter(side=row.side, text__iexact=row.text).exclude(pk=row.pk).exists():
        raise RefusedError(_("This lies on that side already."))
    row.save(update_fields=["side", "text"])


def support(move: Move) -> None:
    """Stand behind somebody else's factor."""
    _stand_behind(row_of(move, move.state.step.run.factors.filter(is_hidden=False)), move)


def leave(move: Move) -> None:
    """Stand behind a factor no longer."""
    rows = FactorVoice.objects.filter(attendance=move.attendance, factor__run=move.state.step.run)
    rows.filter(factor=row_of(move, move.state.step.run.factors)).delete()


def mark(move: Move, *, is_effect: bool) -> None:
    """Set a factor aside because it is an effect, or put it back."""
    row = row_of(move, move.state.step.run.factors)
    row.is_effect = is_effect
    row.save(update_fields=["is_effect"])


def _stand_behind(factor: Factor, move: Move) -> None:
    """Count one voice more, unless it is one's own factor, or one facilitates: the balance is the participants'."""
    if factor.attendance_id != move.attendance.pk and not move.is_facilitator:
        FactorVoice.objects.get_or_create(factor=factor, attendance=move.attendance)


def _side(move: Move) -> str:
    side = move.data.get("kind", "")
    if side not in move.state.step.plan.options:
        raise RefusedError(_("Choose on which side to put it."))
    return side
