"""A puzzle of four parts with a walk and a look back after it, for tests."""

from django.test import Client

from accounts.models import User
from activities import services
from activities.live.state import State, Step, state_of
from activities.models import PaperEntry, Session
from activities.tests.factories import seat_people
from activities.tests.holding import hold
from activities.tools import tool_of
from activities.tools.base import Keyed
from cohorts.models import Cohort
from conftest import SmallCourse, signed_in

# Pieces are numbered in the order of their words: 1 Authorities, 2 Development, 3 ideas, 4 Origin.
PARTS = "A1:A3 | Origin\nB1 | Authorities\nB2 up-down | ideas\nB3 | Development"
PHASES = [
    {"title": "Put together", "tool": "puzzle", "options": PARTS, "work": "groups"},
    {"title": "Walk", "tool": "gallery-walk", "work": "groups"},
    {"title": "Look back", "tool": "gallery-walk", "work": "plenary"},
]


def make_puzzle(small: SmallCourse, cohort: Cohort, facilitator: User, *tables: list[str]) -> Session:
    """Begin a puzzle in which people with the names in *tables* sit in groups 1, 2, …"""
    session = hold(small, cohort, facilitator, [dict(phase) for phase in PHASES])
    for number, names in enumerate(tables, start=1):
        for membership in seat_people(session, *names):
            services.move_person(session=session, membership=membership, number=number)
    return session


def client_of(session: Session, name: str) -> Client:
    """Return the browser of somebody in the session."""
    return signed_in(session.attendances.get(membership__user__name=name).membership.user)


def state_now(session: Session) -> State:
    """Return the session as it is stored now."""
    return state_of(Session.objects.with_course().get(pk=session.pk))


def key_in(session: Session, position: int, data: dict[str, str]) -> PaperEntry:
    """Key in the paper of a phase, as those who facilitate do."""
    state = state_now(session)
    step = step_at(state, position)
    entry = PaperEntry.objects.create(run=step.run)
    entry.summary = tool_of(step).key_in(Keyed(state, step, entry, data))
    entry.save()
    return entry


def step_at(state: State, position: int) -> Step:
    """Return one step of a session."""
    return next(step for step in state.steps if step.position == position)
