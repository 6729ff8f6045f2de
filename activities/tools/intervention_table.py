"""A table of points for intervention: at which level, in which territory, and who is responsible.

A point may come from a factor of the balance before it, and keeps the link. Factors that nobody has taken up yet are
listed. What is taken along from elsewhere is not sorted yet until somebody says where it belongs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.models import Attendance, Factor, Intervention, Phase, SessionPhase
from activities.models.balance import RESPONSIBLE_MAX
from activities.models.contributions import TEXT_MAX
from activities.tools.balance import FactorSlip, slips_of
from activities.tools.base import Carried, Keyed, Move, RefusedError, Tool
from activities.tools.choices import faults_without_use
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
from activities.tools.words import some_words, words
from cohorts.report import Cell

# Rows of the form in which a table from paper is keyed in.
ROWS_KEYED = 8


@dataclass(frozen=True)
class Point(Slip):
    """A point for intervention as everybody may see it; *factor*: the words of what it comes from."""

    level: str
    place: str
    responsible: str
    factor: str
    factor_id: str

    @property
    def place_label(self) -> str:
        return str(Intervention.Place(self.place).label) if self.place else ""

    @property
    def level_label(self) -> str:
        return str(Intervention.Level(self.level).label) if self.level else ""

    @property
    def is_in_origin(self) -> bool:
        return self.place in ("origin", "both")

    @property
    def is_in_destination(self) -> bool:
        return self.place in ("destination", "both")


@dataclass(frozen=True)
class Row:
    """One level of the table: what can be done in either territory, and all of it with who is responsible."""

    label: str
    points: list[Point]

    @property
    def in_origin(self) -> list[Point]:
        return [point for point in self.points if point.is_in_origin]

    @property
    def in_destination(self) -> list[Point]:
        return [point for point in self.points if point.is_in_destination]


class InterventionTable(Tool):
    """See the module."""

    name = "intervention-table"
    is_seen_at_once = True
    takes_in = True

    def __init__(self) -> None:
        self.actions = {
            "add-point": add,
            "change-point": change,
            "take-back-point": lambda move: take_back(move, move.state.step.run.interventions),
        }
        rows = moderation(lambda move: move.state.step.run.interventions)
        self.host_actions = {
            "hide-point": rows["hide"],
            "restore-point": rows["restore"],
            "discuss-point": rows["discuss"],
        }

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with the settings: the table has its own rows and columns."""
        yield from faults_without_use(options)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the table, what is not sorted yet, and which factors nobody has taken up."""
        step = state.step
        points = points_of(step)
        shown = [point for point in points if not point.is_hidden]
        is_shown = step.run.is_revealed or for_facilitators
        return {
            "is_shown": is_shown,
            "count": len(shown),
            **(_sorted(shown) if is_shown else {}),
            "open_factors": _open_factors(state, points),
            "discussed": next((point for point in shown if point.is_discussed and is_shown), None),
            "hidden": [point for point in points if point.is_hidden and for_facilitators],
            "has_names": step.run.has_names,
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return my points, for facilitators all of them, and what a form lets one choose."""
        step = state.step
        is_facilitator = attendance.membership.is_facilitator
        rows = [row for row in _rows(step) if is_facilitator or row.attendance_id == attendance.pk]
        return {
            "own": [_point(row, has_names=False) for row in rows],
            "written": {str(row.public_id) for row in rows if row.attendance_id == attendance.pk},
            "levels": Intervention.Level.choices,
            "places": Intervention.Place.choices,
            "factors": _factors(state),
            "has_names": step.run.has_names,
            "is_open": step.run.started_at is not None or is_facilitator,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return the table as it came to stand."""
        shown = [point for point in points_of(step) if not point.is_hidden]
        return {"count": len(shown), **_sorted(shown)}

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return each point with its place in the table, who is responsible, and the factor that it comes from."""
        head: list[Cell] = [_("Level"), _("Where"), _("Point for intervention"), _("Responsible"), _("Comes from")]
        has_names = step.run.has_names
        points = [point for point in points_of(step) if not point.is_hidden]
        return [
            [*head, *([_("By")] if has_names else [])],
            *(
                [
                    point.level_label,
                    point.place_label,
                    point.text,
                    point.responsible,
                    point.factor or point.origin,
                    *([point.by] if has_names else []),
                ]
                for point in points
            ),
        ]

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many points lie at each level, in either territory."""
        rows = self.results(state, step)["rows"]
        head: list[Cell] = [_("Level"), _("In the territory of origin"), _("In the territory of destination")]
        return [head, *([row.label, len(row.in_origin), len(row.in_destination)] for row in rows)]

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return the table, with what stands in it already."""
        return {**self.results(state, step), "factors": _factors(state)}

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return what the rows of the form let one choose."""
        return {
            "numbers": range(1, ROWS_KEYED + 1),
            "levels": Intervention.Level.choices,
            "places": Intervention.Place.choices,
        }

    def key_in(self, keyed: Keyed) -> str:
        """Put the rows of a table from paper into this one."""
        rows = [row for number in range(1, MOST_KEYED + 1) if (row := _keyed_row(keyed, number))]
        if not rows:
            raise RefusedError(_("Write something first."))
        Intervention.objects.bulk_create(rows)
        return ngettext("%(count)s point for intervention", "%(count)s points for intervention", len(rows)) % {
            "count": len(rows)
        }

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the points that all have seen."""
        if not (run.is_revealed or run.session.ended_at):
            return []
        rows = run.interventions.filter(is_hidden=False).order_by("level", "public_id")
        return [Carried(str(row.public_id), row.text, row.get_level_display()) for row in rows]

    def taken(self, state: State) -> set[tuple[int | None, str]]:
        """Return what the table has taken in already."""
        return taken_along(state.step.run.interventions)

    def take_in(self, move: Move, carried: list[Carried], origin: SessionPhase) -> None:
        """Put each of *carried* beside the table, to be sorted; what was a factor keeps the link to it."""
        factors = {str(row.public_id): row for row in origin.factors.all()}
        Intervention.objects.bulk_create(
            [
                Intervention(
                    run=move.state.step.run,
                    origin=origin,
                    origin_key=row.key,
                    factor=factors.get(row.key),
                    text=Truncator(row.text).chars(TEXT_MAX),
                )
                for row in carried
            ],
            ignore_conflicts=True,
        )


def points_of(step: Step) -> list[Point]:
    """Return all points of a table as they may be seen, hidden ones too."""
    return [_point(row, has_names=step.run.has_names) for row in _rows(step)]


def _rows(step: Step) -> list[Intervention]:
    return rows_of(step.run, "interventions", Intervention.objects.select_related("factor"))


def _point(row: Intervention, *, has_names: bool) -> Point:
    # A factor that was hidden after it had been taken up stays hidden.
    factor = row.factor if row.factor and not row.factor.is_hidden else None
    return Point(
        **facts_of(row, has_names=has_names),
        level=row.level,
        place=row.place,
        responsible=row.responsible,
        factor=factor.text if factor else "",
        factor_id=str(factor.public_id) if factor else "",
    )


def _sorted(points: list[Point]) -> dict[str, Any]:
    return {
        "rows": [
            Row(str(label), [point for point in points if point.level == level and point.place])
            for level, label in Intervention.Level.choices
        ],
        "unsorted": [point for point in points if not (point.level and point.place)],
    }


def _factors(state: State) -> list[FactorSlip]:
    """Return the factors of the session's balance, if it has one."""
    before = [step for step in state.steps if step.plan.tool == Phase.Tool.BALANCE]
    slips = [slip for step in before for slip in slips_of(step)]
    return [slip for slip in slips if not slip.is_hidden and not slip.is_effect]


def _open_factors(state: State, points: list[Point]) -> list[FactorSlip]:
    """Return the factors that no point comes from."""
    taken_up = {point.factor_id for point in points if not point.is_hidden}
    return [slip for slip in _factors(state) if slip.id not in taken_up]


# --- What people do -----------------------------------------------------------------------------------------


def add(move: Move) -> None:
    """Put a point into the table."""
    run = move.state.step.run
    refuse_too_many(move, run.interventions)
    Intervention.objects.create(run=run, attendance=move.attendance, **_fields(move))


def change(move: Move) -> None:
    """Write a point anew, or sort it elsewhere."""
    row = row_of(move, own_or_any(move, move.state.step.run.interventions))
    fields = _fields(move)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _fields(move: Move) -> dict[str, Any]:
    data = move.data
    level, place = data.get("level", ""), data.get("place", "")
    text = some_words(data, "text", TEXT_MAX)
    if level not in Intervention.Level.values or place not in Intervention.Place.values:
        raise RefusedError(_("Choose level and territory."))
    return {
        "text": text,
        "level": level,
        "place": place,
        "responsible": words(data, "text-responsible", RESPONSIBLE_MAX),
        "factor": _factor(move),
    }


def _factor(move: Move) -> Factor | None:
    wanted = move.data.get("factor", "")
    if not any(slip.id == wanted for slip in _factors(move.state)):
        return None
    return Factor.objects.get(public_id=wanted)


def _keyed_row(keyed: Keyed, number: int) -> Intervention | None:
    """Return the row with *number* of the form, None where nothing is written in it."""
    data = keyed.data
    text = words(data, f"text-{number}", TEXT_MAX)
    level, place = data.get(f"level-{number}", ""), data.get(f"place-{number}", "")
    if not text:
        return None
    if level not in ("", *Intervention.Level.values) or place not in ("", *Intervention.Place.values):
        raise LookupError(number)
    responsible = words(data, f"responsible-{number}", RESPONSIBLE_MAX)
    return Intervention(
        run=keyed.step.run, paper=keyed.entry, text=text, level=level, place=place, responsible=responsible
    )
