"""What the demo's people have done with the course: believable histories, each by the person's own pace.

Everything is written as if `courses.services` had written it at the time: the same rows, the same counters.
"""

import datetime as dt
import zlib
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Pick, Reply
from courses.models import (
    Answer,
    Audience,
    Course,
    Enrolment,
    NextStep,
    ObjectiveRating,
    SectionProgress,
    TopicProgress,
)
from courses.progress import recount_everybody
from courses.published import PublishedCourse
from jmdi.demo import Person, load

# By how much somebody reads faster or slower than the plan.
_FACTORS = {"on-plan": 1.0, "ahead": 0.85, "finished": 0.6, "behind": 1.5, "stalled": 1.0}
_BEFORE = [1, 2, 2, 1, 3, 2]
_GAIN = [1, 1, 2, 1, 0]


@dataclass
class Learner:
    """One of the people whose history is made: what is known of them, and what they did as far as it is told yet."""

    person: Person
    enrolment: Enrolment
    # When each section was opened, and when it was done; in the order of reading.
    read: dict[int, tuple[dt.datetime, dt.datetime | None]] = field(default_factory=dict)
    moments: list[dt.datetime] = field(default_factory=list)
    topics: set[int] = field(default_factory=set)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.person["time_zone"])

    def chance(self, *of_what: object, of: int) -> int:
        """Return one of the numbers 0 … *of* − 1, the same each time for the same thing of the same person."""
        return spread(self.person["id"], *of_what, of=of)


def spread(*of_what: object, of: int) -> int:
    """Return one of the numbers 0 … *of* − 1 by a checksum: it looks like chance, and is the same on every machine."""
    return zlib.crc32("/".join(map(str, of_what)).encode()) % of


def create_as_of(rows: list[Any], *times: str) -> None:
    """Insert *rows* with the moments that they bear in the fields *times*, which the clock would fill otherwise."""
    if not rows:
        return
    model: type[Model] = type(rows[0])
    kept = {name: [getattr(row, name) for row in rows] for name in times}
    model._default_manager.bulk_create(rows)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        for name, moments in kept.items():
            # bulk_update builds a CASE of as many branches as rows: five times slower than all the rest.
            cursor.execute(
                f"UPDATE {table} SET {name} = kept.moment "  # noqa: S608  names of our own tables and columns
                f"FROM unnest(%s::bigint[], %s::timestamptz[]) AS kept (id, moment) WHERE {table}.id = kept.id",
                [[row.pk for row in rows], moments],
            )
            for row, moment in zip(rows, moments, strict=True):
                setattr(row, name, moment)


def make_work(cohort: Cohort, course: PublishedCourse, learners: list[Learner], facilitator: User) -> None:
    """Write the histories of *learners*, who have done nothing yet, and what *facilitator* replied to them."""
    if not learners:
        return
    # What somebody does in a cohort that is over, they did while it ran.
    now = min(timezone.now(), _at(cohort.ends_on, 20 * 60, cohort.zone))
    planned = dict(cohort.plan.exclude(section=None).values_list("section_id", "on"))
    days = [(planned.get(section.id, cohort.ends_on) - cohort.starts_on).days for section in course.sections]
    for learner in learners:
        _read(learner, cohort, course, days, now)
    opened = [
        SectionProgress(enrolment=learner.enrolment, section_id=section_id, started_at=began, done_at=done)
        for learner in learners
        for section_id, (began, done) in learner.read.items()
    ]
    create_as_of(opened, "started_at")
    create_as_of([rating for learner in learners for rating in _ratings(learner, course, now)], "rated_at")
    told = load("demo_answers.yaml")
    _write(cohort, course, learners, told["answers"], facilitator, now)
    _promise(learners, told["next_steps"], now)
    _count(course, learners)


# --- Reading and rating -------------------------------------------------------------------------------------


def _read(learner: Learner, cohort: Cohort, course: PublishedCourse, days: list[int], now: dt.datetime) -> None:
    """Say when the person opened each section, and when they were done with it; the last may still be open."""
    pace, total = learner.person["pace"], len(course.sections)
    if pace == "not-started" or not total:
        return
    # All of it in a cohort that is over.
    due = sum(cohort.starts_on + dt.timedelta(days=day) < cohort.today for day in days)
    ahead = min(due + 1 + learner.chance("ahead", of=2), total - 1)
    done = {"on-plan": due, "ahead": ahead, "finished": total}.get(pace) or min(
        learner.person.get("sections", 0), total
    )
    moments = []
    for section, day in list(zip(course.sections, days, strict=True))[:done]:
        early = learner.chance("early", of=3) if pace == "on-plan" else 0
        read_on = cohort.starts_on + dt.timedelta(days=max(int(day * _FACTORS[pace]) - early, 0))
        at = _at(read_on, 7 * 60 + 30 + learner.chance(section.key, of=14 * 60), learner.zone)
        latest = now - dt.timedelta(minutes=10 + learner.chance(section.key, "late", of=9 * 60))
        moments.append(min(at, latest))
    # Sections are read in their order, whatever the hours of a day that chance gave them.
    for section, moment in zip(course.sections, sorted(moments), strict=False):
        minutes = section.minutes + learner.chance(section.key, "takes", of=20)
        learner.read[section.id] = moment - dt.timedelta(minutes=minutes), moment
    if done < total and (pace != "on-plan" or learner.chance("opens", of=3)):
        wait = learner.chance("opens", "wait", of=24 * 60)
        last = max(moments, default=_at(cohort.starts_on, 8 * 60, learner.zone)) + dt.timedelta(minutes=30 + wait)
        if pace in {"on-plan", "ahead"}:
            last = max(last, now - dt.timedelta(minutes=20 + wait))
        latest = now - dt.timedelta(minutes=45 + learner.chance("opens", "late", of=6 * 60))
        learner.read[course.sections[done].id] = min(last, latest), None
    learner.moments += [moment for pair in learner.read.values() for moment in pair if moment]


def _ratings(learner: Learner, course: PublishedCourse, now: dt.datetime) -> Iterator[ObjectiveRating]:
    """Yield what the person says of the objectives of each topic: most people before it, and again at its end."""
    for topic in course.topics:
        pairs = [learner.read[section.id] for section in topic.sections if section.id in learner.read]
        ended = [done for _began, done in pairs if done]
        moments = {}
        if pairs and learner.chance(topic.key, "before", of=6):
            moments["before"] = pairs[0][0]
        if len(ended) == len(topic.sections) and learner.chance(topic.key, "after", of=5):
            moments["after"] = min(ended[-1] + dt.timedelta(minutes=4), now)
        for moment, rated_at in moments.items():
            learner.moments.append(rated_at)
            learner.topics.add(topic.id)
            for objective in topic.objectives:
                level = _BEFORE[learner.chance(objective["key"], of=len(_BEFORE))]
                if moment == "after":
                    level = min(level + _GAIN[learner.chance(objective["key"], "gain", of=len(_GAIN))], 4)
                yield ObjectiveRating(
                    enrolment=learner.enrolment,
                    objective_id=objective["id"],
                    moment=moment,
                    level=level,
                    rated_at=rated_at,
                )


# --- Writing ------------------------------------------------------------------------------------------------


def _write(
    cohort: Cohort,
    course: PublishedCourse,
    learners: list[Learner],
    told: list[dict[str, Any]],
    facilitator: User,
    now: dt.datetime,
) -> None:
    """Write the answers of each person to what they have read, and what became of some of them in the cohort."""
    by_id = {learner.person["id"]: learner for learner in learners}
    asked = _questions(course)
    answers, replies, picks = [], [], []
    for question, entry in ((asked.get(one["question"]), entry) for one in told for entry in one["answers"]):
        learner = by_id.get(entry["by"])
        if question is None or learner is None:
            continue
        answer = _answer(learner, course, question, entry, now)
        if answer is None:
            continue
        answers.append(answer)
        later = min(answer.created_at + dt.timedelta(minutes=200 + learner.chance("reply", of=20 * 60)), now)
        of_both = {"cohort": cohort, "answer": answer}
        if "reply" in entry:
            to = entry.get("reply_to", Reply.Audience.AUTHOR)
            replies.append(
                Reply(**of_both, facilitator=facilitator, audience=to, text=entry["reply"], created_at=later)
            )
        if "plenary" in entry:
            seen, consent = answer.version, entry["plenary"]
            picks.append(Pick(**of_both, for_plenary=True, shown_version=seen, consent=consent, picked_at=later))
    create_as_of(answers, "created_at", "updated_at")
    create_as_of(replies, "created_at")
    create_as_of(picks, "picked_at")


def _questions(course: PublishedCourse) -> dict[str, dict[str, Any]]:
    """Return the questions by prompt and question; an editor may have changed them since the answers were made up."""
    return {
        f"{prompt['key']}/{question['key']}": question
        for topic in course.topics
        for prompt in topic.prompts.values()
        for question in prompt["questions"]
        if question["id"] in course.places
    }


def _answer(
    learner: Learner, course: PublishedCourse, question: dict[str, Any], entry: dict[str, Any], now: dt.datetime
) -> Answer | None:
    """Return an answer, given while its section was open; None where the person has not come that far."""
    topic, section = course.places[question["id"]]
    if section.id not in learner.read:
        return None
    began, done = learner.read[section.id]
    minutes = 4 + 3 * section.question_ids.index(question["id"])
    written_at = min(done or now, began + dt.timedelta(minutes=minutes))
    learner.moments.append(written_at)
    learner.topics.add(topic.id)
    return Answer(
        enrolment=learner.enrolment,
        question_id=question["id"],
        question_revision=question["revision"],
        audience=entry.get("shared", Audience.PRIVATE),
        text=entry["text"],
        version=1,
        created_at=written_at,
        updated_at=written_at,
    )


def _promise(learners: list[Learner], told: list[dict[str, Any]], now: dt.datetime) -> None:
    by_id = {learner.person["id"]: learner for learner in learners}
    create_as_of(
        [
            NextStep(
                enrolment=by_id[entry["by"]].enrolment,
                text=entry["text"],
                due_on=now.date() + dt.timedelta(days=entry["days"]),
                created_at=max(by_id[entry["by"]].moments),
            )
            for entry in told
            if entry["by"] in by_id
        ],
        "created_at",
    )


# --- Counting -----------------------------------------------------------------------------------------------


def _count(course: PublishedCourse, learners: list[Learner]) -> None:
    """Bring the counters in step with all of it, and say where everybody is and when they were last seen."""
    topic_of = {section.id: topic.id for topic in course.topics for section in topic.sections}
    for learner in learners:
        learner.topics |= {topic_of[section_id] for section_id, (_began, done) in learner.read.items() if done}
        if learner.moments:
            learner.enrolment.last_section_id = list(learner.read)[-1]
            learner.enrolment.last_active_at = max(learner.moments)
    TopicProgress.objects.bulk_create(
        TopicProgress(enrolment=learner.enrolment, topic_id=topic_id)
        for learner in learners
        for topic_id in learner.topics
    )
    Enrolment.objects.bulk_update([learner.enrolment for learner in learners], ["last_section", "last_active_at"])
    recount_everybody(Course.objects.get(pk=course.id))


def _at(day: dt.date, minute: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(minute // 60, minute % 60), zone)
