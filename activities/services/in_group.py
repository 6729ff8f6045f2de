"""What people in a group do, whatever its tool is: somebody reports, and the group calls for help."""

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Group
from activities.tools.base import Action, Move, RefusedError


def take_reporter(move: Move) -> None:
    """Be the one who reports for the group, unless somebody else is."""
    group = _group(move)
    if group.reporter_id is None:
        _change(group, reporter=move.attendance)
    elif group.reporter_id != move.attendance.pk:
        name = next((row.membership.user.name for row in group.members if row.pk == group.reporter_id), "")
        raise RefusedError(_("%(name)s was quicker and reports for your group.") % {"name": name})


def leave_reporter(move: Move) -> None:
    """Let somebody else report."""
    group = _group(move)
    if group.reporter_id == move.attendance.pk:
        _change(group, reporter=None)


def call(move: Move) -> None:
    """Call somebody who facilitates; calling again changes nothing."""
    group = _group(move)
    if group.called_at is None:
        _change(group, called_at=timezone.now())


def uncall(move: Move) -> None:
    """Say that nobody need come any more."""
    _change(_group(move), called_at=None)


# Also while nothing is collected: before a clock runs, and when everything stands still.
ACTIONS: dict[str, Action] = {
    "take-reporter": take_reporter,
    "leave-reporter": leave_reporter,
    "call": call,
    "uncall": uncall,
}


def _group(move: Move) -> Group:
    group = move.state.group_of(next(row for row in move.state.attendances if row.pk == move.attendance.pk))
    if group is None or move.state.session.ended_at:
        raise RefusedError(_("You are in no group now."))
    return group


def _change(group: Group, **values: object) -> None:
    for name, value in values.items():
        setattr(group, name, value)
    group.save(update_fields=list(values))
