"""The cohort in figures, for whoever convened it: tables, and a chart beside each where that helps.

The page, the CSV file and the workbook show the same tables. Nothing here is about one person. What people said of
their own abilities comes only as totals of five or more, and such a total grows by five people at a time: whoever
looks before and after somebody has rated learns nothing of that one.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from accounts.models import User
from cohorts.charts import Bar, BarGroup, Chart
from cohorts.constants import ACTIVE_DAYS, SMALL_NUMBER
from cohorts.models import Cohort
from cohorts.permissions import Desk, given_answers
from cohorts.querysets import MembershipQuerySet
from cohorts.questions import questions_by_id
from cohorts.standing import Standing, take_measure
from courses.models import ObjectiveRating

Cell = str | int | None  # None is not shown
Level, Moment = ObjectiveRating.Level, ObjectiveRating.Moment


@dataclass
class Table:
    """Some figures. `sheet` names those that belong together; the first column says what a row is of."""

    sheet: str
    title: str
    columns: list[str]
    rows: list[list[Cell]]
    note: str = ""
    chart: Chart | None = None

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > 3


@dataclass
class Report:
    """All figures of a cohort, as of `made_at`."""

    cohort: Cohort
    course_title: str
    made_at: dt.datetime
    people: int
    tables: list[Table] = field(default_factory=list)


def make_report(desk: Desk) -> Report:
    """Count everything."""
    participants = desk.cohort.memberships.current().participants().order_by()
    participation = _participation(desk)
    people = participation.rows[0][1]
    tables = [
        participation,
        _topics(desk, participants, people),
        *_objectives(desk),
        *_questions(desk, people),
        *_backgrounds(desk, participants),
    ]
    return Report(desk.cohort, desk.course.title, timezone.now(), people, tables)


def percent(part: int, whole: int) -> int:
    """Return whole percent, rounded down: 100 only when nothing is missing."""
    return 100 * part // whole if whole else 0


def _participation(desk: Desk) -> Table:
    since = timezone.now() - dt.timedelta(days=ACTIVE_DAYS)
    measure = take_measure(desk)
    has_started = ~measure.condition(Standing.NOT_STARTED)
    counted = measure.people.aggregate(
        joined=Count("pk"),
        started=Count("pk", filter=has_started),
        active=Count("pk", filter=has_started & Q(enrolment__last_active_at__gte=since)),
        read=Count("pk", filter=measure.has_read_all),
        finished=Count("pk", filter=measure.condition(Standing.FINISHED)),
    )
    names = {
        "joined": _("Joined"),
        "started": _("Started"),
        "active": _("Active in the last %(days)s days") % {"days": ACTIVE_DAYS},
        "read": _("Did every section"),
        "finished": _("Did every section and answered every question"),
    }
    joined = counted["joined"]
    title = _("Participation")
    return Table(
        sheet=title,
        title=title,
        columns=[_("Participants"), _("People"), _("In %")],
        rows=[[names[key], counted[key], percent(counted[key], joined)] for key in names],
        chart=_chart(title, [(names[key], counted[key], str(counted[key])) for key in names], joined),
    )


def _topics(desk: Desk, participants: MembershipQuerySet, people: int) -> Table:
    # Few rows, however many people: how many have done so many sections and answered so many questions.
    counted = participants.values_list(
        "enrolment__topic_progress__topic_id",
        "enrolment__topic_progress__sections_done",
        "enrolment__topic_progress__questions_answered",
    ).annotate(Count("pk"))
    found = defaultdict(list)
    for topic_id, sections, questions, number in counted:
        found[topic_id].append((sections, questions, number))
    rows, bars = [], []
    for topic in desk.course.topics:
        total, asked, here = len(topic.sections), topic.questions_total, found[topic.id]
        sections = sum(min(done, total) * number for done, _answered, number in here)
        answered = sum(min(given, asked) * number for _done, given, number in here)
        complete = sum(number for done, _answered, number in here if done >= total > 0)
        shares = percent(sections, people * total), percent(answered, people * asked)
        name = f"{topic.number}. {topic.title}"
        rows.append([name, complete, percent(complete, people), sections, shares[0], answered, shares[1]])
        bars.append(BarGroup(name, [Bar(shares[0], f"{shares[0]} %"), Bar(shares[1], f"{shares[1]} %", alt=True)]))
    title = _("Completion by topic")
    return Table(
        sheet=title,
        title=title,
        columns=[
            _("Topic"),
            _("People who did every section"),
            _("In %"),
            _("Sections done, of all people"),
            _("In %"),
            _("Questions answered, by all people"),
            _("In %"),
        ],
        rows=rows,
        chart=Chart(title, bars, 100, legend=[Bar(0, _("sections done")), Bar(0, _("questions answered"), alt=True)]),
    )


# --- Objectives ---------------------------------------------------------------------------------------------

# Whoever rated first counts first, and only full fives of people count at all.
_RATED = """
SELECT objective_id, moment, level, max(total), count(*) FILTER (WHERE place <= total - total %% %s)
FROM (
    SELECT rating.objective_id, rating.moment, rating.level,
        row_number() OVER (PARTITION BY rating.objective_id, rating.moment ORDER BY rating.id) AS place,
        count(*) OVER (PARTITION BY rating.objective_id, rating.moment) AS total
    FROM courses_objectiverating rating
    JOIN cohorts_membership membership ON membership.enrolment_id = rating.enrolment_id
    WHERE membership.cohort_id = %s AND membership.left_at IS NULL AND membership.role = 'participant'
) ratings
GROUP BY objective_id, moment, level
"""


@dataclass
class Judged:
    """What people said of one objective at one moment: how many said so at all, and how many each level."""

    total: int = 0
    levels: Counter[int] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        """How many the levels are of: full fives."""
        return sum(self.levels.values())

    @property
    def is_small(self) -> bool:
        return 0 < self.total < SMALL_NUMBER

    @property
    def tells_of_single_people(self) -> bool:
        """Whether the levels are of all, or of all but one: whoever knows that one would know of each."""
        return max(self.levels.values(), default=0) >= self.people - 1

    @property
    def average(self) -> str:
        """All levels together, as the nearest one, in words."""
        total = sum(level * number for level, number in self.levels.items())
        return str(Level(int(total / self.people + 0.5)).label)

    def cells(self) -> list[Cell]:
        """Return the row's figures: people, each level, and the average."""
        # The average would say what it was that they all said.
        if not self.people or self.tells_of_single_people:
            return [self.people, *[None] * len(Level), None]
        return [self.people, *(self.levels[level] for level in Level), self.average]


def _objectives(desk: Desk) -> list[Table]:
    judged: dict[tuple[int, str], Judged] = defaultdict(Judged)
    with connection.cursor() as cursor:
        cursor.execute(_RATED, [SMALL_NUMBER, desk.cohort.pk])
        for objective_id, moment, level, total, number in cursor.fetchall():
            judged[objective_id, moment].total = total
            judged[objective_id, moment].levels[level] = number
    title = _("Learning objectives, before and after")
    tables = []
    for topic in desk.course.topics:
        table = Table(
            sheet=_("Objectives"),
            title=f"{title}: {topic.number}. {topic.title}",
            columns=[_("“I could do this today”"), _("When"), _("People"), *map(str, Level.labels), _("On the whole")],
            rows=[],
            note=_(
                "People judged themselves. Figures are of five people or more, in steps of five; those that could tell "
                "of single people are not shown."
            ),
        )
        groups = []
        for objective in topic.objectives:
            before, after = (judged[objective["id"], moment] for moment in (Moment.BEFORE, Moment.AFTER))
            is_hidden = before.is_small or after.is_small
            for moment, figures in ((Moment.BEFORE, before), (Moment.AFTER, after)):
                cells = [None] * (len(Level) + 2) if is_hidden else figures.cells()
                table.rows.append([objective["text"], str(moment.label), *cells])
            if not is_hidden and (bars := _ability_bars(before, alt=True) + _ability_bars(after, alt=False)):
                groups.append(BarGroup(objective["text"], bars))
        if groups:
            legend = [Bar(0, str(Moment.BEFORE.label), alt=True), Bar(0, str(Moment.AFTER.label))]
            table.chart = Chart(_("People who could do it on their own or teach it"), groups, 100, legend=legend)
        if table.rows:
            tables.append(table)
    return tables


def _ability_bars(figures: Judged, *, alt: bool) -> list[Bar]:
    if not figures.people or figures.tells_of_single_people:
        return []
    able = figures.levels[Level.ALONE] + figures.levels[Level.COULD_TEACH]
    shown = _("%(number)s of %(total)s") % {"number": able, "total": figures.people}
    return [Bar(100 * able / figures.people, shown, alt=alt)]


# --- Questions ----------------------------------------------------------------------------------------------


def _questions(desk: Desk, people: int) -> list[Table]:
    answered = dict(given_answers(desk).values_list("question_id").annotate(Count("pk")))
    title = _("Questions answered")
    tables = []
    for topic, questions in groupby(questions_by_id(desk.course).values(), key=lambda asked: asked.topic):
        heading = f"{title}: {topic.number}. {topic.title}"
        asked = [(f"{each.section.number} {each.text}", answered.get(each.id, 0)) for each in questions]
        tables.append(
            Table(
                sheet=_("Questions"),
                title=heading,
                columns=[_("Question"), _("People who answered"), _("In %")],
                rows=[[name, number, percent(number, people)] for name, number in asked],
                chart=_chart(heading, [(name, number, str(number)) for name, number in asked], people),
            )
        )
    return tables


# --- Where people come from ---------------------------------------------------------------------------------


@dataclass
class _Share:
    name: str
    people: int
    sections: int


def _backgrounds(desk: Desk, participants: MembershipQuerySet) -> list[Table]:
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
        chart=_chart(title, [(s.name, s.people, str(s.people)) for s in shares], max(share.people for share in shares)),
    )


def _chart(title: str, bars: list[tuple[str, int, str]], full: int) -> Chart:
    return Chart(title, [BarGroup(label, [Bar(value, shown)]) for label, value, shown in bars], full)
