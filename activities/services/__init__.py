"""What happens to live sessions, one verb each."""

from activities.services.acting import (
    ClosedError,
    act,
)
from activities.services.agenda import (
    PlanChangedError,
    take_over,
)
from activities.services.drafts import (
    drop_draft,
    keep_draft,
)
from activities.services.groups import (
    add_wish,
    answer_call,
    form_groups,
    free_kept_seats,
    last_with_groups,
    move_person,
    remove_wish,
    repeat_groups,
)
from activities.services.paper import (
    add_on_paper,
    key_in,
    seat_on_paper,
    take_back,
    take_off_paper,
)
from activities.services.sessions import (
    KeyedInError,
    SessionOverError,
    add_time,
    arrange,
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
from activities.services.sheets import (
    SetAsideError,
    correct,
    take_back_correction,
    write_on_sheet,
)

__all__ = [
    "ClosedError",
    "KeyedInError",
    "PlanChangedError",
    "SessionOverError",
    "SetAsideError",
    "act",
    "add_on_paper",
    "add_time",
    "add_wish",
    "answer_call",
    "arrange",
    "arrive",
    "begin",
    "can_be_deleted",
    "correct",
    "delete_session",
    "drop_draft",
    "end_session",
    "form_groups",
    "free_kept_seats",
    "give_extra_time",
    "go_to",
    "keep_draft",
    "key_in",
    "last_with_groups",
    "move_person",
    "pause",
    "prepare_session",
    "remove_wish",
    "repeat_groups",
    "resume",
    "reveal",
    "seat_on_paper",
    "set_frozen",
    "set_up",
    "take_back",
    "take_back_correction",
    "take_off_paper",
    "take_over",
    "write_on_sheet",
]
