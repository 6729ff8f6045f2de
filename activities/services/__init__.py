"""What happens to live sessions, one verb each."""

from activities.services.acting import act
from activities.services.sessions import (
    SessionOverError,
    add_time,
    arrive,
    begin,
    end_session,
    go_to,
    pause,
    prepare_session,
    resume,
    reveal,
    set_frozen,
)

__all__ = [
    "SessionOverError",
    "act",
    "add_time",
    "arrive",
    "begin",
    "end_session",
    "go_to",
    "pause",
    "prepare_session",
    "resume",
    "reveal",
    "set_frozen",
]
