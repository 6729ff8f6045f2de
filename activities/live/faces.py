"""What everybody sees alike, by face: participants, the projector, and those who facilitate.

Nothing personal is in it: what is one person's own is fetched by them.
"""

import logging
import zlib
from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

from activities import tools
from activities.ahead import next_of
from activities.live.state import State, state_of
from activities.models import Attendance, Group, Session
from activities.priorities import priorities_of
from cohorts.models import Cohort
from courses.parts import body

PARTICIPANT, SCREEN, HOST = "participant", "screen", "host"
FACES = (PARTICIPANT, SCREEN, HOST)
# Who needs extra time is given so many minutes of it, or none again.
EXTRA_MINUTES = (0, 2, 5, 10)
# The projector shows what facilitators choose: it is theirs to open.
_FACILITATORS_ONLY = (SCREEN, HOST)


logger = logging.getLogger(__name__)


def render(public_id: str, wanted: list[str]) -> Iterator[tuple[str, int, str]]:
    """Yield each of the *wanted* faces with the session's version and the shared part as HTML.

    A face that cannot be rendered is left out: it must not take the others with it.
    """
    session = Session.objects.with_course().get(public_id=public_id)
    state = state_of(session)
    for face in wanted:
        try:
            html = render_face(state, face)
        except Exception:
            logger.exception("the face %s of a live session could not be rendered", face)
        else:
            yield face, session.version, html


def render_face(state: State, face: str) -> str:
    """Return the shared part of one face as HTML."""
    return render_to_string(f"activities/live/_{face}.html", context(state, face))


def context(state: State, face: str) -> dict[str, object]:
    """Return what the template of a face needs."""
    tool = tools.tool_of(state.step)
    step = state.step
    for_host = _for_host(state) if face == HOST else {}
    board = tool.board(state, for_facilitators=face == HOST) if tool else {}
    groups = state.groups if step and step.is_for_groups else []
    return for_host | {
        "state": state,
        "session": state.session,
        "step": step,
        "instructions": body(step.plan.instructions, state.course) if step else [],
        "face": face,
        "priorities": priorities_of(state),
        "board": board,
        "board_template": f"activities/tools/{tool.name}/_board.html" if tool else "",
        "groups": groups,
        "stamps": _stamps(state, groups, board.get("stamps", {}))
        if step and (step.is_for_groups or "stamps" in board)
        else "",
        "names_are_shown": face == HOST or state.session.cohort.members_see != Cohort.Visibility.NOTHING,
    }


def _for_host(state: State) -> dict[str, object]:
    """Return what only the console shows: the guide, how time goes, and who is here."""
    rows = [_person(state, attendance) for attendance in state.participants]
    away_count = sum(row["away_minutes"] > 0 for row in rows)
    ahead = state.seconds_ahead
    return {
        "guide": body(state.step.plan.segments, state.course) if state.step else [],
        "ahead": {"minutes": abs(ahead) // 60, "is_behind": ahead < 0},
        "people": {"rows": rows, "here_count": len(rows) - away_count, "away_count": away_count},
        "extra_minutes": EXTRA_MINUTES,
        # Where there is a next step, that is what comes next.
        "next_activity": None if state.next_step else next_of(state),
    }


def _person(state: State, attendance: Attendance) -> dict[str, Any]:
    away = int((state.now - attendance.seen_at).total_seconds()) // 60 if state.is_away(attendance) else 0
    return {
        "pk": attendance.pk,
        "public_id": attendance.public_id,
        "name": attendance.membership.user.name,
        "away_minutes": away,
        "is_on_paper": attendance.is_on_paper,
        "extra": attendance.extra_seconds,
    }


def _stamps(state: State, groups: list[Group], written: dict[int, Any]) -> str:
    """Return a stamp for each group and one for all, which change with what their members' own part shows.

    So a page fetches it anew when it must, and what is in it is in no broadcast.
    """
    turn = (state.step.run.turn, state.step.run.turn_started_at)
    seats = [(group.number, [row.pk for row in group.members]) for group in groups]
    rows = {group.number: (written.get(group.number), group.reporter_id, group.called_at) for group in groups}
    return " ".join(
        f"{number}:{zlib.crc32(repr(row).encode()):x}"
        for number, row in ({**rows, 0: (written.get(0), seats, turn)}).items()
    )


def is_for_facilitators(face: str) -> bool:
    """Return whether only those who facilitate may open *face*."""
    return face in _FACILITATORS_ONLY
