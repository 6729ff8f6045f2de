"""Cohorts of 5, 500 and 5,000 people with the whole course behind them, and what their progress page costs.

`make bench` measures it with the rest; `python -m bench.cohort` alone.
"""

import datetime as dt
import gzip
import random
import re
import statistics
import sys
import time
from contextlib import ExitStack

from bench import __main__ as bench

SIZES = (5, 500, 5_000)
ROUNDS = 7
DOMAIN = "cohort.bench.example.org"
FIRST = ["Amina", "Kofi", "Rosa", "Elena", "Lucía", "Ines", "Omar", "Fatou", "Miguel", "Aïcha", "Tendai", "Priya"]
LAST = ["Haddad", "Mensah", "Quispe", "Moretti", "Ferrer", "Okafor", "Diallo", "Benali", "Santos", "Rahman", "Öztürk"]
WORDS = ["people", "leave", "our", "district", "and", "others", "come", "from", "the", "coast", "while", "schools"]


def main() -> int:
    """Measure the progress page alone; return how many budgets were missed."""
    import django

    django.setup()
    from bench import people
    from jmdi import server

    with ExitStack() as started:
        server.start_database(started, print)
        server.prepare(print)
        return measure(people.core_module())


def measure(course) -> int:
    """Print the budgets of the progress page for each size; return how many were missed."""
    cohorts, client = make_cohorts(course)
    client.get(f"/cohorts/{cohorts[5].public_id}/progress/")  # the first page of a process reads the course
    missed, counts = 0, {}
    for size, cohort in cohorts.items():
        page = f"/cohorts/{cohort.public_id}/progress/"
        pages = {"first rows": page, "all sections": page + "?size=500&open=all"}
        for name, path in pages.items():
            count, seconds, kilobytes = ask(client, path)
            counts.setdefault(name, set()).add(count)
            if (size, name) == (5_000, "all sections"):
                print(f"     {size} people, {name}: {1000 * seconds:.0f} ms, {kilobytes:.1f} KB")
                continue
            missed += bench.report(f"{size} people, {name}: server time", 1000 * seconds, 300, "ms")
            missed += bench.report(f"{size} people, {name}: compressed", kilobytes, 60, "KB")
        fingerprint = re.search("seen=([0-9a-f]+)", client.get(page).text)[1]
        _count, news, _kilobytes = ask(client, f"{page}?seen={fingerprint}", headers={"HX-Request": "true"})
        _count, left, _kilobytes = ask(client, f"{page}questions/")
        print(f"     {size} people: nothing new {1000 * news:.0f} ms, questions left empty {1000 * left:.0f} ms")
    for name, found in counts.items():
        missed += bench.report(f"{name}: queries, for 5, 500 and 5,000 people", max(found), 12, "")
        missed += bench.report(f"{name}: different numbers of queries", len(found), 1, "")
    return missed


def ask(client, path: str, **extra) -> tuple[int, float, float]:
    """Return queries, median seconds and compressed kilobytes of a page, through the whole of the middleware."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, **extra)
        count = len(queries)
    assert response.status_code in (200, 204), response
    seconds = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(path, headers={"Accept-Encoding": "gzip", **extra.get("headers", {})})
        seconds.append(time.perf_counter() - start)
    if response.content:
        assert b"</html>" in gzip.decompress(response.content)
    return count, statistics.median(seconds), len(response.content) / bench.KILOBYTE


def make_cohorts(course):
    """Make the people with their work, one cohort for each size, and a client in which its facilitator is signed in."""
    from django.db import connection, transaction
    from django.test import Client

    from accounts.models import User
    from cohorts.models import Cohort, Membership, PlanItem
    from courses.models import Course, Enrolment, TopicProgress
    from courses.progress import recount_everybody

    row = Course.objects.get(pk=course.id)
    Cohort.objects.filter(course=row, name__startswith="Bench of").delete()
    User.objects.filter(email__endswith=DOMAIN).delete()
    rng = random.Random(5)
    today = dt.datetime.now(dt.UTC)
    users = User.objects.bulk_create(
        [
            User(email=f"{number}@{DOMAIN}", name=f"{rng.choice(FIRST)} {rng.choice(LAST)} {number}", password="!")
            for number in range(max(SIZES))
        ]
    )
    enrolments = Enrolment.objects.bulk_create([Enrolment(user=user, course=row) for user in users])
    _make_work(rng, course, enrolments, today)
    TopicProgress.objects.bulk_create(
        [TopicProgress(enrolment=each, topic_id=topic.id) for each in enrolments for topic in course.topics]
    )
    with transaction.atomic():
        recount_everybody(row)
    facilitator = User.objects.create_user(f"facilitator@{DOMAIN}", name="Bench", is_facilitator=True)
    cohorts = {}
    for size in SIZES:
        starts_on = today.date() - dt.timedelta(days=20)
        cohort = cohorts[size] = Cohort.objects.create(
            course=row, name=f"Bench of {size}", starts_on=starts_on, ends_on=today.date()
        )
        Membership.objects.create(cohort=cohort, user=facilitator, role="facilitator")
        Membership.objects.bulk_create(
            [
                Membership(cohort=cohort, user_id=each.user_id, enrolment=each, group=f"Group {rng.randint(1, 8)}")
                for each in enrolments[:size]
            ]
        )
        PlanItem.objects.bulk_create(
            [
                PlanItem(
                    cohort=cohort, kind="reading", section_id=section.id, on=starts_on + dt.timedelta(days=2 * place)
                )
                for place, section in enumerate(course.sections)
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(facilitator, "allauth.account.auth_backends.AuthenticationBackend")
    return cohorts, client


def _make_work(rng, course, enrolments, today) -> None:
    """Let everybody read as far as they came, and answer most of what they read."""
    from courses.models import Answer, Enrolment, SectionProgress

    opened, answers = [], []
    for each in enrolments:
        reach = rng.randint(0, len(course.sections) * 3 // 2)  # a third has come to the end
        for section in course.sections[:reach]:
            done = today if rng.random() < 0.85 else None
            opened.append(SectionProgress(enrolment=each, section_id=section.id, done_at=done))
            each.last_section_id = section.id
            for question in section.question_ids:
                if rng.random() < 0.8:
                    text = " ".join(rng.choices(WORDS, k=rng.randint(20, 160)))
                    answers.append(
                        Answer(enrolment=each, question_id=question, question_revision=1, text=text, version=1)
                    )
        each.last_active_at = today - dt.timedelta(hours=rng.randint(0, 12 * 24))
    SectionProgress.objects.bulk_create(opened, batch_size=5_000)
    Answer.objects.bulk_create(answers, batch_size=5_000)
    Enrolment.objects.bulk_update(enrolments, ["last_section", "last_active_at"], batch_size=1_000)
    print(f"{len(enrolments)} people, {len(opened)} sections opened, {len(answers)} answers")


if __name__ == "__main__":
    sys.exit(main())
