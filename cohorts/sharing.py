"""Shared answers as facilitators read them, and what comes of them for their authors."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort, Membership, Pick, Reply
from cohorts.permissions import Desk, readable_answers
from cohorts.questions import Asked
from courses.models import Answer, Audience, Question


@dataclass
class SharedAnswer:
    """One shared answer with all that a facilitator sees and does about it."""

    answer: Answer
    asked: Asked
    cohort: Cohort
    seen_wording: str = ""

    @property
    def author(self) -> User:
        return self.answer.enrolment.user

    @property
    def replies(self) -> list[Reply]:
        return self.answer.cohort_replies

    @property
    def pick(self) -> Pick | None:
        return self.answer.cohort_picks[0] if self.answer.cohort_picks else None

    @property
    def anchor(self) -> str:
        return f"answer-{self.asked.question['key']}-{self.answer.member_id}"

    @property
    def is_earlier_wording(self) -> bool:
        return self.answer.question_revision != self.asked.question["revision"]

    @property
    def is_for_facilitators_only(self) -> bool:
        return self.answer.audience == Audience.FACILITATORS

    @property
    def is_changed_since(self) -> bool:
        """Whether its author has changed the text that was chosen for the screen."""
        return bool(self.pick and self.pick.on_screen and self.pick.shown_version != self.answer.version)

    @property
    def reply_url(self) -> str:
        return self._reverse("cohort_reply")

    @property
    def pick_url(self) -> str:
        return self._reverse("cohort_pick")

    def _reverse(self, name: str) -> str:
        return reverse(name, args=[self.cohort.public_id, *self.asked.keys, self.answer.member_id])


def answers_to(desk: Desk, asked: Asked) -> QuerySet[Answer]:
    """Return the shared answers to one question, with all that is shown with them."""
    return _with_all(desk, readable_answers(desk).filter(question_id=asked.id))


def answers_for_plenary(desk: Desk) -> QuerySet[Answer]:
    """Return the shared answers that facilitators have marked to take up."""
    return _with_all(desk, _marked(desk)).order_by("enrolment__user__name", "pk")


def count_for_plenary(desk: Desk) -> int:
    """Return how many answers `answers_for_plenary` and the course's questions bring together."""
    return _marked(desk).filter(question__in=list(desk.course.places)).count()


def _marked(desk: Desk) -> QuerySet[Answer]:
    return readable_answers(desk).filter(pk__in=desk.cohort.picks.filter(for_plenary=True).values("answer"))


def shown(answers: Iterable[Answer], desk: Desk, by_id: dict[int, Asked]) -> list[SharedAnswer]:
    """Return *answers* for a page, each with the wording that it answers if that is an earlier one.

    An answer to what the course asks no more is left out.
    """
    found = [SharedAnswer(row, by_id[row.question_id], desk.cohort) for row in answers if row.question_id in by_id]
    stale = {item.asked.id for item in found if item.is_earlier_wording}
    if stale:
        rows = Question.history.filter(id__in=stale).order_by("history_date", "history_id")
        wordings = {(id_, revision): text for id_, revision, text in rows.values_list("id", "revision", "text")}
        for item in found:
            if item.is_earlier_wording:
                item.seen_wording = wordings.get((item.asked.id, item.answer.question_revision), "")
    return found


def _with_all(desk: Desk, answers: QuerySet[Answer]) -> QuerySet[Answer]:
    return (
        answers.select_related("enrolment__user")
        .annotate(member_id=F("enrolment__memberships__public_id"))
        .prefetch_related(
            Prefetch("replies", desk.cohort.replies.select_related("facilitator"), to_attr="cohort_replies"),
            Prefetch("picks", desk.cohort.picks.all(), to_attr="cohort_picks"),
        )
    )


# --- For authors --------------------------------------------------------------------------------------------


@dataclass
class News:
    """What waits for somebody in a cohort: replies not read yet, and who asks to show an answer of theirs."""

    cohort: Cohort
    new_replies: int = 0
    requests: int = 0
    asked_by: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new_replies or self.requests)

    @property
    def url(self) -> str:
        return reverse("cohort_replies", args=[self.cohort.public_id])


def news_for(memberships: Iterable[Membership]) -> list[News]:
    """Return what waits for the person of *memberships*, for each cohort where something does, in two queries."""
    mine = {row.cohort_id: row for row in memberships if row.enrolment_id and not row.is_facilitator}
    found = {id_: News(row.cohort) for id_, row in mine.items()}
    of_mine = {"cohort__in": mine, "answer__enrolment__in": [row.enrolment_id for row in mine.values()]}
    # One enrolment may stand in several cohorts: each answer's news is of the cohort that it came from.
    for row in Reply.objects.unseen().filter(**of_mine).values("cohort_id").annotate(count=Count("pk")):
        found[row["cohort_id"]].new_replies = row["count"]
    for pick in open_requests(Pick.objects.filter(**of_mine)).select_related("asked_by"):
        found[pick.cohort_id].requests += 1
        if pick.asked_by and pick.asked_by.get_full_name() not in found[pick.cohort_id].asked_by:
            found[pick.cohort_id].asked_by.append(pick.asked_by.get_full_name())
    return [news for news in found.values() if news]


def open_requests(picks: QuerySet[Pick]) -> QuerySet[Pick]:
    """Return those of *picks* whose author has been asked and can still say something to it."""
    return picks.filter(on_screen=True, consent=Pick.Consent.ASKED, shown_version=F("answer__version")).exclude(
        answer__audience=Audience.PRIVATE
    )


def learns_in(user: User, course_key: str) -> list[Membership]:
    """Return where *user* learns a course now, each with who else reads what they share, in one query.

    `facilitators` has the names; `others` counts the other participants.
    """
    of_cohort = Membership.objects.current().filter(cohort=OuterRef("cohort"))
    others = (
        of_cohort.participants()
        .exclude(pk=OuterRef("pk"))
        .order_by()
        .values("cohort")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return list(
        Membership.objects.current()
        .participants()
        .filter(user=user, cohort__course__key=course_key)
        .select_related("cohort")
        .annotate(
            facilitators=ArraySubquery(of_cohort.facilitators().order_by("user__name").values("user__name")),
            others=Coalesce(Subquery(others.annotate(count=Count("pk")).values("count")), 0),
        )
        .order_by("-cohort__starts_on", "pk")
    )
