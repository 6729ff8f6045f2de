"""What happens to live sessions, one verb each."""

from activities.services.acting import ClosedError, act
from activities.services.drafts import drop_draft, keep_draft
from activities.services.groups import (
    add_wish,
    answer_call,
    form_groups,
    last_with_groups,
    move_person,
    remove_wish,
    repeat_groups,
)
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
from activities.services.sheets import SetAsideError, correct, take_back_correction, write_on_sheet

__all__ = [
    "ClosedError",
    "SessionOverError",
    "SetAsideError",
    "act",
    "add_time",
    "add_wish",
    "answer_call",
    "arrive",
    "begin",
    "can_be_deleted",
    "correct",
    "delete_session",
    "drop_draft",
    "end_session",
    "form_groups",
    "give_extra_time",
    "go_to",
    "keep_draft",
    "last_with_groups",
    "move_person",
    "pause",
    "prepare_session",
    "remove_wish",
    "repeat_groups",
    "resume",
    "reveal",
    "set_frozen",
    "set_up",
    "take_back_correction",
    "write_on_sheet",
]
