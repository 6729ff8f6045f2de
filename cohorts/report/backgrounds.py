"""Where people come from."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django_countries import countries

from accounts.models import User
from cohorts.constants import SMALL_NUMBER
from cohorts.permissions import Desk
from cohorts.querysets import MembershipQuerySet
from cohorts.report.tables import Table, bar_chart, percent


@dataclass
class _Share:
    name: str
    people: int
    sections: int


def backgrounds(desk: Desk, participants: MembershipQuerySet) -> list[Table]:
    """Return where people come from, by level of government and by country, in groups that are not small."""
    counted = list(
        participants.values_list("user__government_level", "user__country").annotate(
            Count("pk"), Sum("enrolment__sections_done")
        )
    )
    levels = dict(User.GovernmentLevel.choices)
    kinds: list[tuple[str, int, Callable[[str], str]]] = [
        (_("By level of government"), 0, lambda code: str(levels.get(code, ""))),
        (_("By country"), 1, lambda code: str(countries.name(code))),
    ]
    tables = []
    for title, place, name in kinds:
        rows = sorted(counted, key=lambda row: row[place])
        shares = [
            _Share(name(code), sum(row[2] for row in group), sum(row[3] for row in group))
            for code, group in ((code, list(group)) for code, group in groupby(rows, key=lambda row: row[place]))
        ]
        if shown := _at_least(shares):
            tables.append(_background_table(desk, title, shown))
    return tables


def _at_least(shares: list[_Share]) -> list[_Share]:
    """Return *shares*, largest first, with those put together that are too small or of no name.

    What is put together must not be small either: taken from the total, it would tell of few people.
    """
    shown = sorted((share for share in shares if share.name and share.people >= SMALL_NUMBER), key=lambda s: -s.people)
    rest = [share for share in shares if share not in shown]
    while shown and 0 < sum(share.people for share in rest) < SMALL_NUMBER:
        rest.append(shown.pop())
    if shown and rest:
        together = _("Others, and who did not say")
        shown.append(_Share(together, sum(share.people for share in rest), sum(share.sections for share in rest)))
    return shown


def _background_table(desk: Desk, title: str, shares: list[_Share]) -> Table:
    sections = len(desk.course.sections)
    return Table(
        sheet=_("People"),
        title=title,
        columns=[title, _("People"), _("Sections done, in %")],
        rows=[[share.name, share.people, percent(share.sections, share.people * sections)] for share in shares],
        note=_("Only groups of five people or more."),
        chart=bar_chart(
            title, [(s.name, s.people, str(s.people)) for s in shares], max(share.people for share in shares)
        ),
    )
