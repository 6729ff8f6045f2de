"""The finish of a course, and next steps: what somebody promised themselves stays in sight until it is done."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.constants import NEXT_STEPS_OPEN_MAX
from courses.models import NextStep

FINISH = "/courses/core/finish/"
ADD = FINISH + "next-steps/"


def day(offset):
    return timezone.localdate() + dt.timedelta(days=offset)


def add(client, text="Call the diaspora office", offset=7, **extra):
    return client.post(ADD, {"text": text, "due_on": str(day(offset)), **extra})


@pytest.fixture
def step(enrolment):
    return enrolment.next_steps.create(text="Call the diaspora office", due_on=day(7))


def url(step, action=""):
    return f"/my/next-steps/{step.public_id}/{action}"


def finish_course(client):
    for section in ("challenges/section-1", "challenges/section-2", "gender/section-1", "gender/section-2"):
        client.post(f"/courses/core/{section}/done/", {"done": "1"})
    for question in ("question-1", "question-2"):
        path = f"/courses/core/challenges/answers/context/{question}/"
        client.post(path, {"text": "Two words", "version": 0})


# --- The finish ---------------------------------------------------------------------------------------------


def test_a_finished_course_leads_to_its_finish(small, enrolment, as_ben):
    finish_course(as_ben)

    for page in ("/", "/courses/core/"):
        assert f'class="btn btn-mine" href="{FINISH}"' in as_ben.get(page).text
    assert "You have finished the course" in as_ben.get(FINISH).text
    assert as_ben.get(FINISH).context["open_topics"] == []


def test_the_last_section_leads_to_the_finish(small, enrolment, as_ben):
    assert f'class="pager-next" href="{FINISH}"' in as_ben.get("/courses/core/gender/section-2/").text


def test_before_its_end_the_finish_says_what_is_still_open(small, enrolment, as_ben):
    for section in ("section-1", "section-2"):
        as_ben.post(f"/courses/core/gender/{section}/done/", {"done": "1"})

    response = as_ben.get(FINISH)
    assert [row["topic"].key for row in response.context["open_topics"]] == ["challenges"]
    assert "What is still open" in response.text
    assert 'class="btn btn-mine" href="/courses/core/challenges/"' in response.text


def test_the_finish_gathers_what_i_learned_and_how_much_i_wrote(small, enrolment, as_ben):
    objective = small.topics[0].objectives.get()
    for moment, level in (("before", "1"), ("after", "3")):
        as_ben.post("/courses/core/challenges/objectives/rate/", {"moment": moment, f"objective-{objective.pk}": level})
    finish_course(as_ben)
    as_ben.post("/courses/core/challenges/note/save/", {"text": "Three more words", "version": 0})

    response = as_ben.get(FINISH)
    assert "not yet" in response.text
    assert "on my own" in response.text
    assert "remember gender" in response.text
    assert "7 words, with 2 of 2 questions answered." in response.text


def test_somebody_who_has_not_started_sees_how_to(small, as_cleo, cleo):
    response = as_cleo.get(FINISH)

    assert response.status_code == 200
    assert "Start the course" in response.text
    assert not cleo.enrolments.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_finish_and_the_home_page_cost_the_same_for_one_step_as_for_three(
    small, enrolment, as_ben, number, django_assert_num_queries
):
    finish_course(as_ben)
    for place in range(number):
        add(as_ben, f"Step {place}")
    as_ben.get(FINISH)

    # session, user, enrolment, section progress, topic progress, ratings, steps, words
    with django_assert_num_queries(8):
        as_ben.get(FINISH)
    with django_assert_num_queries(9):
        as_ben.get("/")


# --- Next steps ---------------------------------------------------------------------------------------------


def test_a_step_stays_on_the_home_page_until_it_is_done(small, enrolment, as_ben):
    assert add(as_ben).url == FINISH + "#next-steps"
    assert "Call the diaspora office" in as_ben.get("/").text

    response = as_ben.post(url(NextStep.objects.get(), "done/"), {"done": "1", "from": "home"})
    assert response.url == "/"
    assert "Call the diaspora office" not in as_ben.get("/").text
    assert "Call the diaspora office" in as_ben.get(FINISH).text


def test_done_is_taken_back(small, step, as_ben):
    as_ben.post(url(step, "done/"), {"done": "1"})
    response = as_ben.post(url(step, "done/"), {"done": "0"})

    assert response.url == FINISH + "#next-steps"
    assert NextStep.objects.get().done_at is None
    assert "Call the diaspora office" in as_ben.get("/").text


def test_done_twice_keeps_the_first_time(small, step, as_ben):
    as_ben.post(url(step, "done/"), {"done": "1"})
    first = NextStep.objects.get().done_at
    as_ben.post(url(step, "done/"), {"done": "1"})

    assert NextStep.objects.get().done_at == first


def test_a_step_is_changed(small, step, as_ben):
    assert "Call the diaspora office" in as_ben.get(url(step)).text
    as_ben.post(url(step), {"text": "Write to them", "due_on": str(day(9))})

    step.refresh_from_db()
    assert (step.text, step.due_on) == ("Write to them", day(9))


def test_a_step_is_deleted_only_after_it_was_asked(small, step, as_ben):
    assert "Delete this next step?" in as_ben.get(url(step, "delete/")).text
    assert NextStep.objects.exists()

    as_ben.post(url(step, "delete/"))
    assert not NextStep.objects.exists()


def test_the_same_step_twice_is_one(small, enrolment, as_ben):
    add(as_ben)
    add(as_ben)

    assert NextStep.objects.count() == 1


def test_a_promise_starts_the_course(small, as_cleo, cleo):
    add(as_cleo)

    assert cleo.enrolments.get().next_steps.count() == 1


@pytest.mark.parametrize("action", ["", "done/", "delete/"])
def test_somebody_elses_step_is_404_and_stays_as_it_is(small, step, as_cleo, as_dag, action):
    for client in (as_cleo, as_dag):
        sent = client.post(url(step, action), {"text": "Mine now", "due_on": str(day(1)), "done": "1"})
        assert sent.status_code == 404
        assert client.get(url(step, action)).status_code in {404, 405}

    step.refresh_from_db()
    assert (step.text, step.done_at) == ("Call the diaspora office", None)


def test_nobody_elses_steps_are_listed(small, step, as_cleo, as_dag):
    for client in (as_cleo, as_dag):
        for page in ("/", FINISH):
            assert "Call the diaspora office" not in client.get(page).text


def test_a_step_that_does_not_exist_is_404(small, enrolment, as_ben):
    assert as_ben.get(f"/my/next-steps/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"text": "Kept", "due_on": ""}, "Choose a day."),
        ({"text": "Kept", "due_on": "soon"}, "This is not a day of the calendar"),
        ({"text": "Kept", "due_on": str(day(-1))}, "This day has passed."),
        ({"text": "Kept", "due_on": str(day(365 * 6 + 2))}, "This is too far away"),
        ({"text": " \n ", "due_on": str(day(1))}, "Write what you want to do."),
        ({"text": "Kept" * 126, "due_on": str(day(1))}, "at most 500 characters (it has 504)"),
        ({"text": "Kept\x00", "due_on": str(day(1))}, "Null characters are not allowed"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_and_keeps_its_text(small, enrolment, as_ben, data, reason):
    response = as_ben.post(ADD, data)

    assert response.status_code == 422
    assert reason in response.text
    assert data["text"].strip() in response.text
    assert not NextStep.objects.exists()


def test_500_characters_fit_however_a_browser_sends_its_line_breaks(small, enrolment, as_ben):
    add(as_ben, "a" * 249 + "\r\n" + "é" * 250)

    assert NextStep.objects.get().text == "a" * 249 + "\n" + "é" * 250


def test_a_full_list_says_so_and_keeps_the_text(small, enrolment, as_ben):
    NextStep.objects.bulk_create(
        NextStep(enrolment=enrolment, text=f"Step {number}", due_on=day(1)) for number in range(NEXT_STEPS_OPEN_MAX)
    )

    response = add(as_ben, "One more")
    assert response.status_code == 422
    assert "You have 50 open steps" in response.text
    assert "One more" in response.text
    assert NextStep.objects.count() == NEXT_STEPS_OPEN_MAX

    NextStep.objects.filter(text="Step 1").update(done_at=timezone.now())
    assert add(as_ben, "One more").status_code == 302


def test_an_overdue_step_is_named_kindly_and_can_keep_its_day(small, step, as_ben):
    NextStep.objects.update(due_on=day(-3))

    assert "Still a good idea?" in as_ben.get("/").text
    as_ben.post(url(step), {"text": "Write to them", "due_on": str(day(-3))})
    assert NextStep.objects.get().text == "Write to them"


@pytest.mark.parametrize(("zone", "is_overdue"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_whether_a_day_has_passed_is_told_by_the_clock_where_its_author_is(
    small, step, as_ben, ben, zone, is_overdue, monkeypatch
):
    # 11:30 UTC on 5 May is the 6th already in Kiritimati and the 5th, early, in Pago Pago.
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 5, 5, 11, 30, tzinfo=dt.UTC))
    ben.time_zone = zone
    ben.save(update_fields=["time_zone"])
    NextStep.objects.update(due_on=dt.date(2027, 5, 5))

    # Sessions end by the same clock.
    as_ben.force_login(ben, "allauth.account.auth_backends.AuthenticationBackend")
    assert ("Still a good idea?" in as_ben.get("/").text) == is_overdue


def test_what_another_person_typed_on_this_device_is_not_taken_for_mine(small, enrolment, as_ben, cleo):
    from accounts.person import person_token

    response = add(as_ben, author=person_token(cleo))
    assert response.status_code == 422
    assert not NextStep.objects.exists()


def test_a_session_that_ended_gives_the_text_back(small, client):
    response = add(client)

    assert response.status_code == 401
    assert "Call the diaspora office" in response.text


def test_a_step_of_a_course_that_was_closed_is_still_mine(small, step, as_ben):
    small.course.is_published = False
    small.course.save(update_fields=["is_published"])

    assert "Call the diaspora office" in as_ben.get("/").text
    assert as_ben.post(url(step, "done/"), {"done": "1"}).url == "/"
