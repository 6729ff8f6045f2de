"""Rounds of meeting: a schedule in which people meet those whom they do not know yet, and a clock for each round."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.live.turns import take_turn, turn_clock
from activities.meetings import Round, pairs_of, plan
from activities.models import Acquaintance, Attendance, MeetingSeat, RoundsOnPaper
from activities.models.rounds import ROUNDS_MAX
from activities.people import person_of
from activities.tools.base import Keyed, Move, RefusedError, Tool
from activities.tools.choices import faults_without_use
from activities.tools.words import whole_number
from cohorts.models import Cohort
from cohorts.report import Cell

# So many rounds are proposed: usually they are enough.
_PROPOSED = 4
_PAIR = 2


@dataclass
class Table:
    """One meeting of a round."""

    number: int
    people: list[Attendance]


@dataclass
class Rounds:
    """All rounds of a phase by their numbers, each with its tables; `now` is the present one, 0 before the first."""

    tables: dict[int, list[Table]]
    now: int

    @property
    def total(self) -> int:
        return max(self.tables, default=0)

    @property
    def is_over(self) -> bool:
        return self.now > self.total > 0

    @property
    def held(self) -> int:
        return min(self.now, self.total)

    def at(self, number: int, attendance: Attendance) -> tuple[Table, list[Attendance]] | None:
        """Return the table of somebody in a round, and whom they meet there."""
        for table in self.tables.get(number, ()):
            if any(row.pk == attendance.pk for row in table.people):
                return table, [row for row in table.people if row.pk != attendance.pk]
        return None

    def ids(self, first: int, last: int) -> list[Round]:
        """Return some rounds as the planning has them."""
        return [
            [tuple(row.membership_id for row in table.people) for table in self.tables.get(number, ())]
            for number in range(first, last + 1)
        ]


class MeetingRounds(Tool):
    """See the module."""

    name = "meeting-rounds"

    def __init__(self) -> None:
        self.actions = {"know": know}
        self.host_actions = {"plan-rounds": make, "next-round": go_on, "swap": swap}

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield that there is nothing to choose from."""
        yield from faults_without_use(options)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the round with its clock and its tables; all rounds, to facilitators."""
        rounds, run = rounds_of(state.step), state.step.run
        seated = {row.pk for table in rounds.tables.get(max(rounds.now, 1), ()) for row in table.people}
        late = [row for row in state.participants if row.pk not in seated]
        return {
            "shows_all": True,
            "rounds": rounds,
            "stamps": {0: (rounds.now, rounds.ids(max(rounds.now, 1), rounds.now + 1))},
            "tables": rounds.tables.get(rounds.now, []),
            "clock": None if rounds.is_over else turn_clock(run, state.step.each_seconds, state.now),
            "questions": state.step.plan.questions,
            "names": for_facilitators or _names_are_shown(state),
            "next": rounds.now + 1,
            "people_count": len(state.participants),
            "late": late if for_facilitators and rounds.total else [],
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return whom I meet, have met and meet next, and whom I have marked; to facilitators, nothing of their own."""
        rounds = rounds_of(state.step)
        known = Acquaintance.objects.filter(run=state.step.run, attendance=attendance).values_list("other", flat=True)
        known = set(known)
        names = _names_are_shown(state)
        return {
            "rounds": rounds,
            "names": names or attendance.membership.is_facilitator,
            "now": rounds.at(rounds.now, attendance),
            "next": rounds.at(rounds.now + 1, attendance),
            "met": [met for number in range(1, rounds.now) if (met := rounds.at(number, attendance))],
            "people": [(row, row.pk in known) for row in state.participants if row.pk != attendance.pk]
            if names
            else [],
            "everybody": state.participants if attendance.membership.is_facilitator else [],
            "proposed": max(1, min(_PROPOSED, len(state.participants) - 1)),
            "is_open": state.step.run.started_at is not None and not state.session.is_frozen,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return how many rounds and meetings took place; who met whom stays with those who met."""
        rounds = rounds_of(step)
        return {
            "held": rounds.held,
            "meetings": sum(len(rounds.tables.get(number, ())) for number in range(1, rounds.held + 1)),
            "on_paper": sum(step.run.rounds_on_paper.values_list("rounds", flat=True)),
        }

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return the figures: who met whom is in no file."""
        return self.figures(state, step)

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return rounds, meetings, and how many pairs of strangers met."""
        found, rounds = self.results(state, step), rounds_of(step)
        known = _known(step)
        met = pairs_of(rounds.ids(1, rounds.held))
        return [
            [_("Rounds held"), _("Rounds on paper"), _("Meetings"), _("Pairs who did not know each other")],
            [found["held"], found["on_paper"], found["meetings"], len(set(met) - known)],
        ]

    def kit(self, state: State, step: Step) -> dict[str, Any]:
        """Return the schedule for the wall, and a slip for each person."""
        rounds = rounds_of(step)
        names = _names_are_shown(state)
        slips = [
            (row, [(number, rounds.at(number, row)) for number in range(1, rounds.total + 1)])
            for row in state.participants
        ]
        return {"rounds": rounds, "names": names, "slips": slips if rounds.total else [], "blank": range(_PROPOSED)}

    def paper(self, state: State, step: Step) -> dict[str, Any]:
        """Return the most rounds that anybody holds."""
        return {"most": ROUNDS_MAX}

    def key_in(self, keyed: Keyed) -> str:
        """Store how many rounds were held on paper."""
        count = _rounds(keyed.data, "rounds")
        RoundsOnPaper.objects.create(run=keyed.step.run, paper=keyed.entry, rounds=count)
        return ngettext("%(count)s round", "%(count)s rounds", count) % {"count": count}


def rounds_of(step: Step) -> Rounds:
    """Return the rounds of a phase as they are planned and held; asked once for a page."""
    if not hasattr(step.run, "rounds_found"):
        tables: dict[tuple[int, int], list[Attendance]] = defaultdict(list)
        seats = step.run.meeting_seats.select_related("attendance__membership__user")
        for seat in seats:
            tables[seat.round, seat.table].append(seat.attendance)
        rounds: dict[int, list[Table]] = defaultdict(list)
        for (number, table), people in tables.items():
            rounds[number].append(Table(table, people))
        step.run.rounds_found = Rounds(dict(rounds), step.run.turn)
    return step.run.rounds_found


# --- What people do -----------------------------------------------------------------------------------------


def know(move: Move) -> None:
    """Mark whom one knows already; those who facilitate do it for somebody (`who`) without a device."""
    state, people = move.state, {str(row.public_id): row for row in move.state.participants}
    who = people.get(move.data.get("who", "")) if move.is_facilitator else move.attendance
    if who is None:
        raise RefusedError(_("Choose for whom you mark it."))
    if not (move.is_facilitator or _names_are_shown(state)):
        raise RefusedError(_("In this cohort participants do not see each other's names."))
    wanted = move.data.getlist("knows") if hasattr(move.data, "getlist") else []
    others = [people[one] for one in wanted if one in people and people[one].pk != who.pk]
    if not move.is_facilitator:
        Acquaintance.objects.filter(run=state.step.run, attendance=who).delete()
    rows = [Acquaintance(run=state.step.run, attendance=who, other=other) for other in others]
    Acquaintance.objects.bulk_create(rows, ignore_conflicts=True)
    _plan_anew(move, rounds_of(state.step).total)


def make(move: Move) -> None:
    """Plan so many rounds; those that are held, or are being held, stay as they are."""
    rounds, total = rounds_of(move.state.step), _rounds(move.data, "rounds")
    if total < max(rounds.held, 1):
        raise RefusedError(_("So many rounds have been held already."))
    if len(move.state.participants) < _PAIR:
        raise RefusedError(_("Two people at least are needed to meet."))
    if rounds.is_over and total > rounds.total:
        # Back to the last round: the first of the new ones begins when it is said so.
        move.state.step.run.turn = rounds.total
        move.state.step.run.save(update_fields=["turn"])
    _plan_anew(move, total)


def go_on(move: Move) -> None:
    """Begin the next round, with whoever is here now; a double click begins one. After the last one it is over."""
    run, rounds = move.state.step.run, rounds_of(move.state.step)
    if move.data.get("target") != str(rounds.now + 1) or not rounds.total or rounds.is_over:
        return
    seated = {row.pk for table in rounds.tables.get(rounds.now + 1, ()) for row in table.people}
    if rounds.now < rounds.total and seated != move.state.participant_ids:
        _plan_anew(move, rounds.total)
    now = timezone.now()
    if run.started_at is None:
        run.started_at = now
    take_turn(run, rounds.now + 1, now)
    _take_time(move, rounds.total - rounds.now)


def swap(move: Move) -> None:
    """Let two people change places in a round that is not over."""
    step, people = move.state.step, {str(row.public_id): row.pk for row in move.state.participants}
    number = _rounds(move.data, "round")
    pair = {people.get(move.data.get(name, "")) for name in ("one", "other")}
    seats = list(step.run.meeting_seats.filter(round=number, attendance__in=pair - {None}))
    if len(seats) != _PAIR or number < step.run.turn:
        raise RefusedError(_("Choose two people who meet somebody in a round that is not over."))
    one, other = seats
    one.table, other.table = other.table, one.table
    MeetingSeat.objects.bulk_update(seats, ["table"])


def _plan_anew(move: Move, total: int) -> None:
    """Plan the rounds to come anew; those of the past and the present one stay."""
    step, rounds = move.state.step, rounds_of(move.state.step)
    if total <= rounds.held:
        return
    here = {row.membership_id: row for row in move.state.participants}
    people = [person_of(row.membership) for row in here.values()]
    found = plan(people, total - rounds.held, _known(step), rounds.ids(1, rounds.held), seed=step.run.pk)
    step.run.meeting_seats.filter(round__gt=rounds.held).delete()
    MeetingSeat.objects.bulk_create(
        MeetingSeat(run=step.run, round=number, table=table, attendance=here[person])
        for number, row in enumerate(found, start=rounds.held + 1)
        for table, meeting in enumerate(row, start=1)
        for person in meeting
    )
    _take_time(move, total - rounds.held + (rounds.held > 0))


def _take_time(move: Move, rounds: int) -> None:
    """Let the phase last as long as the *rounds* that are left, from now on."""
    step = move.state.step
    gone = max(step.clock.total - step.clock.left, 0) if step.run.started_at else 0
    step.run.seconds = max(gone + rounds * step.each_seconds - step.run.added_seconds, 1)
    step.run.save(update_fields=["seconds", "started_at"])


def _known(step: Step) -> set[frozenset[int]]:
    rows = step.run.acquaintances.values_list("attendance__membership", "other__membership")
    return {frozenset(row) for row in rows}


def _names_are_shown(state: State) -> bool:
    return state.session.cohort.members_see != Cohort.Visibility.NOTHING


def _rounds(data: Mapping[str, str], name: str) -> int:
    count = whole_number(data, name, ROUNDS_MAX)
    if not count:
        raise RefusedError(_("Write a number of rounds from 1 to %(most)s.") % {"most": ROUNDS_MAX})
    return count
