"""Keeping what somebody was writing when a phase closed."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import QueryDict

from activities import tools
from activities.models import Draft, Session, SessionPhase
from activities.models.drafts import DRAFT_LENGTH
from cohorts.models import Membership

# More than these of one person in one session are no drafts.
DRAFTS_MAX = 50
# What a form sends besides what its author wrote.
_OWN_FIELDS = ("csrfmiddlewaretoken", "phase", "draft")
# A longer value is somebody's writing, whatever its field is called.
_LONG = 20
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@transaction.atomic
def keep_draft(*, run: SessionPhase, membership: Membership, action: str, data: QueryDict) -> Draft | None:
    """Keep a contribution to *run* that was not taken, for its author; None if nothing is written in it.

    Raises LookupError for an action that the tool of the phase does not have.
    """
    tool = tools.tool_named(run.phase.tool)
    if tool is None or action not in tool.actions:
        raise LookupError(action)
    attendance = run.session.attendances.select_for_update().filter(membership=membership).first()
    pairs = [(name, value) for name, values in data.lists() for value in values if name not in _OWN_FIELDS]
    text = "\n".join(_written(pairs))
    fields = urlencode(pairs)
    if attendance is None or not text or len(fields) > DRAFT_LENGTH * 4 or attendance.drafts.count() >= DRAFTS_MAX:
        return None
    known = attendance.drafts.filter(run=run, action=action, fields=fields).first()
    return known or Draft.objects.create(attendance=attendance, run=run, action=action, fields=fields, text=text)


def drop_draft(*, session: Session, membership: Membership, draft: UUID) -> None:
    """Forget a draft of one's own: it has been taken, or its author does not want it any more."""
    Draft.objects.filter(attendance__session=session, attendance__membership=membership, public_id=draft).delete()


def _written(pairs: list[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        # The strokes of a drawing are no words, and neither is the id of what was written about.
        if (
            value.strip()
            and not name.startswith("drawing-")
            and not _ID.fullmatch(value)
            and (name.startswith("text") or len(value) > _LONG)
        ):
            yield value.strip()
