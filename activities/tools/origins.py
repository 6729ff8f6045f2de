"""Where something was taken along from, in words."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _


def with_origins(rows: QuerySet) -> QuerySet:
    """Return *rows* with what `origin_of` needs to know of where they come from."""
    return rows.annotate(
        origin_number=F("origin__session__activity__number"),
        origin_session=F("origin__session_id"),
        origin_position=F("origin__position"),
    )


def origin_of(row: Any) -> str:
    """Return where a row of `with_origins` was taken along from; empty for one that was written here."""
    if not row.origin_key:
        return ""
    if row.origin_id is None:
        return _("from an earlier activity")
    if row.origin_session == row.run.session_id:
        return _("from step %(number)s") % {"number": row.origin_position}
    return _("from activity %(number)s") % {"number": row.origin_number}


def taken_along(rows: QuerySet) -> set[tuple[int | None, str]]:
    """Return what has been taken along among *rows*: of which phase, and its key there."""
    return set(rows.exclude(origin_key="").values_list("origin_id", "origin_key"))
