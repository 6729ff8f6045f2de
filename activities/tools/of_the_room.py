"""What factors and points for intervention have in common: they stand before all, and facilitators moderate them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from activities.models import SessionPhase
from activities.models.contributions import Discussed
from activities.tools.base import Action, Move, RefusedError
from activities.tools.origins import origin_of, with_origins
from activities.tools.words import id_from

# More of one person than anybody writes; so that nobody fills the board.
MOST_OF_A_PERSON = 40
# Lines from paper that are keyed in at one go.
MOST_KEYED = 200


@dataclass(frozen=True)
class Slip:
    """Something as everybody may see it: `by` is empty where names were promised not to be shown."""

    id: str
    text: str
    by: str
    origin: str
    is_on_paper: bool
    is_hidden: bool
    is_discussed: bool


def facts_of(row: Discussed, *, has_names: bool) -> dict[str, Any]:
    """Return what a slip says of *row*."""
    return {
        "id": str(row.public_id),
        "text": row.text,
        "by": row.attendance.membership.user.name if has_names and row.attendance else "",
        "origin": origin_of(row),
        "is_on_paper": row.paper_id is not None,
        "is_hidden": row.is_hidden,
        "is_discussed": row.is_discussed,
    }


def rows_of(run: SessionPhase, relation: str, rows: QuerySet) -> list[Any]:
    """Return *rows* of a phase, with all that slips need: as they were written or, without names, in no order at all.

    They are kept with *run*: a page that shows them twice asks once.
    """
    rows = with_origins(rows.select_related("attendance__membership__user"))
    rows = rows.order_by("pk" if run.has_names else "public_id")
    prefetch_related_objects([run], Prefetch(relation, rows, to_attr=f"{relation}_in_order"))
    return getattr(run, f"{relation}_in_order")


def row_of(move: Move, rows: QuerySet, name: str = "target") -> Discussed:
    """Return the one of *rows* that a form names, or raise RefusedError."""
    row = rows.filter(public_id=id_from(move.data.get(name))).first()
    if row is None:
        raise RefusedError(_("This is not there any more."))
    return row


def own_or_any(move: Move, rows: QuerySet) -> QuerySet:
    """Return what somebody may change: their own; those who facilitate, all."""
    return rows if move.is_facilitator else rows.filter(attendance=move.attendance)


def refuse_too_many(move: Move, rows: QuerySet) -> None:
    """Raise RefusedError when somebody has written more than enough; those who facilitate write for the room."""
    if not move.is_facilitator and rows.filter(attendance=move.attendance).count() >= MOST_OF_A_PERSON:
        raise RefusedError(_("You have written %(count)s: that is enough.") % {"count": MOST_OF_A_PERSON})


def take_back(move: Move, rows: QuerySet) -> None:
    """Take something of one's own away for good; what is gone already is no mistake.

    What others have written is hidden by those who facilitate, and kept.
    """
    rows.filter(attendance=move.attendance, public_id=id_from(move.data.get("target"))).delete()


def moderation(rows_in: Callable[[Move], QuerySet]) -> dict[str, Action]:
    """Return how those who facilitate hide, restore and discuss what *rows_in* gives of the phase of a move."""

    def hide(move: Move) -> None:
        rows_in(move).filter(public_id=id_from(move.data.get("target"))).update(is_hidden=True, is_discussed=False)

    def restore(move: Move) -> None:
        rows_in(move).filter(public_id=id_from(move.data.get("target"))).update(is_hidden=False)

    def discuss(move: Move) -> None:
        rows = rows_in(move)
        wanted = rows.filter(public_id=id_from(move.data.get("target")), is_hidden=False)
        rows.filter(is_discussed=True).update(is_discussed=False)
        wanted.update(is_discussed=True)

    return {"hide": hide, "restore": restore, "discuss": discuss}
