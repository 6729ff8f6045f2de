"""What happens to live sessions, one verb each."""

from activities.services.acting import ClosedError, act
from activities.services.drafts import drop_draft, keep_draft
from activities.services.sessions import (
    SessionOverError,
    add_time,
    arrive,
    begin,
    can_be_deleted,
    delete_session,
    end_session,
    give_extra_time,
    go_to,
    pause,
    prepare_session,
    resume,
    reveal,
    set_frozen,
    set_up,
)

__all__ = [
    "ClosedError",
    "SessionOverError",
    "act",
    "add_time",
    "arrive",
    "begin",
    "can_be_deleted",
    "delete_session",
    "drop_draft",
    "end_session",
    "give_extra_time",
    "go_to",
    "keep_draft",
    "pause",
    "prepare_session",
    "resume",
    "reveal",
    "set_frozen",
    "set_up",
]
