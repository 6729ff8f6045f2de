"""The progress table of a cohort: its people by the topics of their course, from a fixed number of queries.

What somebody is shown here is what their own pages show them (`courses.progress`).
"""

from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, Count, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from cohorts.cells import Cells, Work
from cohorts.columns import ALL, NO_GROUP, OF_A_PERSON, Choice, Column
from cohorts.permissions import Desk
from cohorts.standing import SEEN, SIGNS, Measure
from cohorts.templatetags.ago import ago
from courses.models import Answer, SectionProgress, TopicProgress
from courses.published import PublishedTopic


@dataclass
class Row:
    """One person: what the template shows of them, their cells ready made."""

    url: str
    public_id: UUID
    name: str
    group: str
    behind: int
    ago: str
    seen: str
    cells: SafeString


class Matrix:
    """The table for one choice of a facilitator, on the page that holds it."""

    def __init__(self, desk: Desk, measure: Measure, choice: Choice) -> None:
        self.desk, self.course, self.measure, self.choice = desk, desk.course, measure, choice
        self.figures = self._count()
        self.matching: int = self.figures["matching"]
        self.pages = max(1, ceil(self.matching / choice.size))
        self.page = min(choice.page, self.pages)

    @property
    def open_topics(self) -> list[PublishedTopic]:
        return [topic for topic in self.course.topics if self.choice.open in (ALL, topic.key)]

    @property
    def here(self) -> str:
        """The query string of this page of the table."""
        return self.choice.query(page=self.page)

    @property
    def other_pages(self) -> dict[str, str]:
        """The query strings of the page before and the next one, where there are any."""
        near = {"before": self.page - 1, "next": self.page + 1}
        return {name: self.choice.query(page=page) for name, page in near.items() if 1 <= page <= self.pages}

    @property
    def columns(self) -> list[Column]:
        """The heads of the table, in order."""
        found = [Column(name, self.choice) for name in OF_A_PERSON]
        for topic in self.course.topics:
            found.append(Column(f"{topic.key}/", self.choice, topic))
            if topic in self.open_topics:
                found += [
                    Column(f"{topic.key}/{section.key}", self.choice, topic, section) for section in topic.sections
                ]
        return found

    def rows(self) -> list[Row]:
        """Return the people on this page with all they have done, in one query."""
        start = (self.page - 1) * self.choice.size
        people = (
            self.measure.people.filter(self._filter())
            .annotate(seen=SEEN, **self._work())
            .order_by(*self._order(), Lower("user__name"), "pk")
            .values_list("public_id", "user__name", "group", "behind", "seen", *_WORK)[start : start + self.choice.size]
        )
        cells = Cells(self.course, self.open_topics)
        # One address with another id in it: reversing five hundred would take longer than the query.
        model = reverse("cohort_progress", args=[self.desk.cohort.public_id])
        return [
            Row(
                url=f"{model}{public_id}/",
                public_id=public_id,
                name=name,
                group=group,
                behind=behind,
                ago=ago(seen) if seen else "",
                seen=date_format(localtime(seen), "SHORT_DATETIME_FORMAT") if seen else "",
                cells=cells.row(Work(*map(set, (opened, done)), dict(counters), set(answered))),
            )
            for public_id, name, group, behind, seen, opened, done, counters, answered in people
        ]

    # --- Queries --------------------------------------------------------------------------------------------

    def _count(self) -> dict[str, Any]:
        """Count everybody by standing, who matches, and what `look_for_news` counts; name the groups."""
        return self.measure.people.aggregate(
            **SIGNS,
            **self.measure.figures,
            matching=Count("pk", filter=self._filter()),
            groups=ArrayAgg("group", distinct=True, default=[]),
        )

    def _filter(self) -> Q:
        wanted = Q(pk__isnull=False)
        if self.choice.q:
            wanted &= Q(user__name__icontains=self.choice.q)
        if self.choice.group:
            wanted &= Q(group="" if self.choice.group == NO_GROUP else self.choice.group)
        if self.choice.state:
            wanted &= self.measure.condition(self.choice.state)
        return wanted

    def _order(self) -> list[Any]:
        expression = self._sorts_by()
        if self.choice.sort.startswith("-"):
            return [expression.desc(nulls_last=True)]
        return [expression.asc(nulls_first=True)]

    def _sorts_by(self) -> Any:
        name = self.choice.column
        if "/" not in name:
            return {
                "name": Lower("user__name"),
                "group": Lower("group"),
                "seen": F("seen"),
                "behind": F("behind"),
                "progress": F("enrolment__sections_done") + F("enrolment__questions_answered"),
            }[name]
        topic_key, section_key = name.split("/")
        topic = self.course.topic(topic_key)
        own = {"enrolment": OuterRef("enrolment")}
        if section_key:
            rows = SectionProgress.objects.filter(**own, section=topic.section(section_key).id)
            worth = Case(When(done_at=None, then=Value(1)), default=Value(2))
        else:
            rows = TopicProgress.objects.filter(**own, topic=topic.id)
            worth = F("sections_done") + F("questions_answered")
        return Coalesce(Subquery(rows.values(worth=worth)), 0)

    def _work(self) -> dict[str, Any]:
        """Return the columns for what somebody has done. The database looks it up for the people on the page alone."""
        own = {"enrolment": OuterRef("enrolment")}
        sections = SectionProgress.objects.filter(**own).values("section_id")
        counter = Func("topic_id", "questions_answered", template="ARRAY[%(expressions)s]", output_field=_numbers())
        # An index alone answers this: no text is read.
        answers = Answer.objects.filter(**own, has_words=True).values("question_id")
        columns = [
            ArraySubquery(sections),
            ArraySubquery(sections.filter(done_at__isnull=False)),
            ArraySubquery(TopicProgress.objects.filter(**own).values_list(counter)),
            ArraySubquery(answers) if self.open_topics else Value([], output_field=_numbers()),
        ]
        return dict(zip(_WORK, columns, strict=True))


def _numbers() -> ArrayField:
    return ArrayField(BigIntegerField())


_WORK = ["opened", "done", "counters", "answered"]
