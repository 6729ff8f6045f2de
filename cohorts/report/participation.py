"""Who takes part, and how far they are: in the course, by topic, by question."""

import datetime as dt
from collections import defaultdict
from itertools import groupby

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.charts import Bar, BarGroup, Chart
from cohorts.constants import ACTIVE_DAYS
from cohorts.permissions import Desk, given_answers
from cohorts.querysets import MembershipQuerySet
from cohorts.questions import questions_by_id
from cohorts.report.tables import Table, bar_chart, percent
from cohorts.standing import Standing, take_measure


def participation(desk: Desk) -> Table:
    """Return how many have joined, started, are active, and are through."""
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
        chart=bar_chart(title, [(names[key], counted[key], str(counted[key])) for key in names], joined),
    )


def topics(desk: Desk, participants: MembershipQuerySet, people: int) -> Table:
    """Return how far everybody together is in each topic."""
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


def questions(desk: Desk, people: int) -> list[Table]:
    """Return how many have answered each question, a table for each topic."""
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
                chart=bar_chart(heading, [(name, number, str(number)) for name, number in asked], people),
            )
        )
    return tables
