"""Progress is counted on write, is true after edits, and leads on from where one stopped."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.urls import reverse

from conftest import make_course, make_user, signed_in
from courses import services
from courses.models import Enrolment, SectionProgress, TopicProgress
from courses.progress import recount_everybody

SECTION = "/courses/core/challenges/section-1/"


def done(client, section="challenges/section-1", value="1", **extra):
    return client.post(f"/courses/core/{section}/done/", {"done": value}, **extra)


def answer(client, question="question-1", text="Yes", version=0):
    path = reverse("answer_save", args=["core", "challenges", "context", question])
    return client.post(path, {"text": text, "version": version})


def test_marking_a_section_counts_for_its_topic_and_the_course(small, enrolment, as_ben):
    done(as_ben)

    enrolment.refresh_from_db()
    assert enrolment.sections_done == 1
    assert TopicProgress.objects.get(topic=small.topics[0]).sections_done == 1


def test_a_mark_is_taken_back(small, enrolment, as_ben):
    done(as_ben)
    response = done(as_ben, value="0")

    enrolment.refresh_from_db()
    assert response.url == SECTION + "#section-done"
    assert enrolment.sections_done == 0
    assert SectionProgress.objects.get().done_at is None


def test_marking_twice_counts_once_and_keeps_the_first_time(small, enrolment, as_ben):
    done(as_ben)
    first = SectionProgress.objects.get().done_at
    done(as_ben)

    enrolment.refresh_from_db()
    assert enrolment.sections_done == 1
    assert SectionProgress.objects.get().done_at == first


def test_marking_with_htmx_swaps_the_mark_alone(small, enrolment, as_ben):
    response = done(as_ben, headers={"HX-Request": "true"})

    assert 'id="section-done"' in response.text
    assert "<html" not in response.text


def test_answers_count_for_topic_and_course(small, enrolment, as_ben):
    answer(as_ben, "question-1")
    answer(as_ben, "question-2")

    enrolment.refresh_from_db()
    assert enrolment.questions_answered == 2
    assert TopicProgress.objects.get().questions_answered == 2


def test_an_archived_section_no_longer_counts(small, enrolment, as_ben):
    from django.utils import timezone

    done(as_ben)
    section = small.sections[0]
    section.archived_at = timezone.now()
    section.save(update_fields=["archived_at"])
    small.publish()

    enrolment.refresh_from_db()
    assert enrolment.sections_done == 0


def test_continue_leads_to_the_section_that_was_opened_last(small, enrolment, as_ben):
    as_ben.post("/courses/core/gender/section-1/visit/")

    assert "/courses/core/gender/section-1/" in as_ben.get("/").text


def test_continue_leads_to_the_next_open_section_once_the_last_is_done(small, enrolment, as_ben):
    done(as_ben, "gender/section-1")

    assert 'href="/courses/core/gender/section-2/"' in as_ben.get("/").text


def test_continue_comes_back_to_what_was_left_out(small, enrolment, as_ben):
    for section in ("challenges/section-2", "gender/section-1", "gender/section-2"):
        done(as_ben, section)

    assert f'href="{SECTION}"' in as_ben.get("/").text


def test_a_finished_course_says_so(small, enrolment, as_ben):
    for section in ("challenges/section-1", "challenges/section-2", "gender/section-1", "gender/section-2"):
        done(as_ben, section)
    answer(as_ben, "question-1")
    answer(as_ben, "question-2")

    enrolment.refresh_from_db()
    assert (enrolment.sections_done, enrolment.questions_answered) == (4, 2)
    assert as_ben.get("/courses/core/").context["progress"].is_done
    assert as_ben.get("/courses/core/").context["progress"].percent == 100


def test_looking_in_without_starting_leaves_no_trace(small, as_cleo, cleo):
    as_cleo.get(SECTION)
    as_cleo.post(SECTION + "visit/")

    assert not cleo.enrolments.exists()


def test_starting_leads_to_the_first_topic_and_twice_is_once(small, as_cleo, cleo):
    first, second = (as_cleo.post("/courses/core/start/") for _time in range(2))

    assert first.url == second.url == "/courses/core/challenges/"
    assert Enrolment.objects.filter(user=cleo).count() == 1


def test_reading_never_writes(small, enrolment, as_ben, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer(as_ben)
    pages = [
        "/",
        "/courses/core/",
        "/courses/core/challenges/",
        SECTION,
        "/courses/core/finish/",
        "/my/answers/",
        "/my/answers/download/markdown/",
    ]
    pages += ["/courses/core/search/?q=local", "/courses/core/glossary/", "/courses/core/references/"]
    with CaptureQueriesContext(connection) as queries:
        for page in pages:
            assert as_ben.get(page).status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].lstrip("(").startswith("SELECT")] == []


def test_minutes_left_shrink_with_what_is_done(small, enrolment, as_ben):
    before = as_ben.get("/courses/core/").context["progress"].minutes_left
    answer(as_ben, "question-1")
    answer(as_ben, "question-2")

    assert as_ben.get("/courses/core/").context["progress"].minutes_left == before - 6


def test_progress_says_in_words_what_counts(small, enrolment, as_ben):
    done(as_ben)
    answer(as_ben)

    for page in ("/courses/core/challenges/", SECTION):
        words = " ".join(as_ben.get(page).text.split())
        assert "1 of 2 sections done, 1 of 2 questions answered, 0 of 1 objective rated" in words
        assert "about 3 minutes left" in words


def test_counting_everybody_anew_agrees_with_counting_on_write(small, enrolment, as_ben):
    objective = small.topics[0].objectives.get()
    done(as_ben)
    answer(as_ben)
    as_ben.post("/courses/core/challenges/objectives/rate/", {"moment": "after", f"objective-{objective.pk}": "3"})
    counters = ("sections_done", "questions_answered", "objectives_rated")
    written = [list(rows.values_list(*counters)) for rows in (Enrolment.objects, TopicProgress.objects)]
    for rows in (Enrolment.objects, TopicProgress.objects):
        rows.update(sections_done=9, questions_answered=9, objectives_rated=9)

    recount_everybody(small.course)

    assert written == [[(1, 1, 1)], [(1, 1, 1)]]
    assert [list(rows.values_list(*counters)) for rows in (Enrolment.objects, TopicProgress.objects)] == written


def test_publishing_the_same_again_changes_nothing(small):
    version = small.course.version
    services.publish(course=small.course)
    small.course.refresh_from_db()

    assert small.course.version == version


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_being_saved_while_an_editor_publishes_is_counted_and_nobody_is_thrown_out():
    small = make_course()
    first, second = (services.enrol(user=make_user(f"{name}@x.org"), course=small.course) for name in ("a", "b"))
    saving = {
        "topic_id": small.topics[0].pk,
        "section_id": small.sections[0].pk,
        "question_id": small.questions[0].pk,
        "revision": 1,
    }
    services.save_answer(enrolment=second, draft=services.Draft(text="Before.", version=0), **saving)
    answer(signed_in(first.user), "question-2")
    small.topics[0].title = "Renamed"
    small.topics[0].save()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Enrolment.objects.select_for_update().get(pk=first.pk)
            publishing = pool.submit(publish_elsewhere, small.course)
            with pytest.raises(TimeoutError):
                publishing.result(0.5)
            services.save_answer(enrolment=first, draft=services.Draft(text="Meanwhile.", version=0), **saving)
        publishing.result(10)

    first.refresh_from_db()
    assert first.questions_answered == 2
    assert first.topic_progress.get().questions_answered == 2


@pytest.mark.django_db(transaction=True)
def test_people_start_a_course_while_an_editor_publishes():
    small = make_course()
    user = make_user("a@x.org")

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        small.topics[0].title = "Renamed"
        small.topics[0].save()
        services.publish(course=small.course)
        pool.submit(enrol_elsewhere, user, small.course).result(5)


def publish_elsewhere(course):
    try:
        services.publish(course=course)
    finally:
        connection.close()


def enrol_elsewhere(user, course):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        services.enrol(user=user, course=course)
    finally:
        connection.close()
