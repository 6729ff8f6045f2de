"""Objectives: rated before and after a topic, by choice, seen by nobody else, counted but never required."""

import pytest
from django.utils import timezone

from courses import services
from courses.models import Enrolment, LearningObjective, ObjectiveRating, TopicProgress

TOPIC = "/courses/core/challenges/"
RATE = TOPIC + "objectives/rate/"


@pytest.fixture
def objective(small):
    return small.topics[0].objectives.get()


def rate(client, objective, level, moment="before", **extra):
    return client.post(RATE, {"moment": moment, f"objective-{objective.pk}": level}, **extra)


def read_all(client, topic="challenges"):
    for section in ("section-1", "section-2"):
        client.post(f"/courses/core/{topic}/{section}/done/", {"done": "1"})


def levels(enrolment):
    return set(enrolment.objective_ratings.values_list("objective__key", "moment", "level"))


def add_objectives(small, number):
    for place in range(number):
        LearningObjective.objects.create(
            course=small.course, topic=small.topics[0], key=f"more-{place}", text=f"do {place}", position=9
        )
    small.publish()


# --- What the page offers -----------------------------------------------------------------------------------


def test_before_anything_is_done_the_topic_invites_to_say_what_one_can_do(small, enrolment, as_ben):
    text = as_ben.get(TOPIC).text

    assert "Before you start" in text
    assert "Now that you have read it" not in text


def test_each_objective_is_a_group_of_radio_buttons_that_a_plain_form_sends(small, enrolment, as_ben, objective):
    text = as_ben.get(TOPIC).text

    assert f'<form class="rate" method="post" action="{RATE}">' in text
    assert "<legend>explain challenges</legend>" in text
    assert text.count(f'name="objective-{objective.pk}"') == 5
    assert "no answer" in text


def test_once_something_is_done_the_invitation_is_gone(small, enrolment, as_ben):
    as_ben.post(TOPIC + "section-1/done/", {"done": "1"})

    text = as_ben.get(TOPIC).text
    assert "Before you start" not in text
    assert 'class="rate"' not in text
    assert "explain challenges" in text


def test_after_the_last_section_the_topic_asks_again(small, enrolment, as_ben):
    read_all(as_ben)

    text = as_ben.get(TOPIC).text
    assert "Now that you have read it" in text
    assert "Before you start" not in text


def test_the_last_section_leads_to_the_end_of_the_topic_once_all_is_read(small, enrolment, as_ben):
    last, link = TOPIC + "section-2/", f'href="{TOPIC}#key-points-title"'
    assert link not in as_ben.get(last).text
    read_all(as_ben)

    assert link in as_ben.get(last).text
    assert link not in as_ben.get(TOPIC + "section-1/").text


def test_marking_the_last_section_in_place_leads_there_too(small, enrolment, as_ben):
    as_ben.post(TOPIC + "section-1/done/", {"done": "1"})
    response = as_ben.post(TOPIC + "section-2/done/", {"done": "1"}, headers={"HX-Request": "true"})

    assert f'href="{TOPIC}#key-points-title"' in response.text


def test_then_and_now_stand_side_by_side_in_words(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "1")
    read_all(as_ben)
    rate(as_ben, objective, "3", "after")

    objectives = as_ben.get(TOPIC).context["objectives"]
    assert [(row.before.label, row.after.label) for row in objectives["rows"]] == [("not yet", "on my own")]
    text = as_ben.get(TOPIC).text
    assert "<dt>Then</dt>" in text
    assert "<dt>Now</dt>" in text


def test_without_a_then_there_is_only_a_now(small, enrolment, as_ben, objective):
    read_all(as_ben)
    rate(as_ben, objective, "3", "after")

    assert "<dt>Then</dt>" not in as_ben.get(TOPIC).text


def test_the_courses_own_objectives_are_not_rated(small, enrolment, as_ben):
    general = LearningObjective.objects.create(course=small.course, key="general", text="see the whole")
    small.publish()

    assert "see the whole" in as_ben.get("/courses/core/").text
    assert 'class="rate"' not in as_ben.get("/courses/core/").text
    assert rate(as_ben, general, "2").status_code == 422
    assert not ObjectiveRating.objects.exists()


# --- Saving -------------------------------------------------------------------------------------------------


def test_a_rating_is_saved_and_leads_back_to_where_it_was_given(small, enrolment, as_ben, objective):
    assert rate(as_ben, objective, "2").url == TOPIC + "#objectives"
    assert rate(as_ben, objective, "4", "after").url == TOPIC + "#now"
    assert levels(enrolment) == {("challenges-1", "before", 2), ("challenges-1", "after", 4)}


def test_a_rating_is_changed_and_taken_back(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "2")
    rate(as_ben, objective, "3")
    assert levels(enrolment) == {("challenges-1", "before", 3)}

    rate(as_ben, objective, "")
    assert levels(enrolment) == set()


def test_what_is_left_open_stays_open_and_what_is_not_sent_stays_as_it_was(small, enrolment, as_ben, objective):
    add_objectives(small, 1)
    more = LearningObjective.objects.get(key="more-0")
    as_ben.post(RATE, {"moment": "before", f"objective-{objective.pk}": "2", f"objective-{more.pk}": ""})
    rate(as_ben, more, "4")

    assert levels(enrolment) == {("challenges-1", "before", 2), ("more-0", "before", 4)}


def test_the_same_twice_is_once_and_keeps_its_time(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "2", "after")
    first = ObjectiveRating.objects.get().rated_at
    rate(as_ben, objective, "2", "after")

    assert ObjectiveRating.objects.get().rated_at == first
    assert TopicProgress.objects.get().objectives_rated == 1


@pytest.mark.parametrize("level", ["0", "5", "-1", "2.5", "many", "2\x00"])
def test_a_level_that_does_not_exist_is_refused(small, enrolment, as_ben, objective, level):
    response = rate(as_ben, objective, level)

    assert response.status_code == 422
    assert "Select a valid choice" in response.text
    assert not ObjectiveRating.objects.exists()


@pytest.mark.parametrize("moment", ["", "between"])
def test_a_moment_that_does_not_exist_is_404(small, enrolment, as_ben, objective, moment):
    assert rate(as_ben, objective, "2", moment).status_code == 404


def test_an_archived_objective_is_refused_and_the_rest_is_given_back(small, enrolment, as_ben, objective):
    add_objectives(small, 1)
    more = LearningObjective.objects.get(key="more-0")
    more.archived_at = timezone.now()
    more.save(update_fields=["archived_at"])
    small.publish()

    response = as_ben.post(RATE, {"moment": "before", f"objective-{objective.pk}": "2", f"objective-{more.pk}": "3"})

    assert response.status_code == 422
    assert "have just changed" in response.text
    assert response.context["objectives"]["then_form"][f"objective-{objective.pk}"].value() == "2"
    assert not ObjectiveRating.objects.exists()


def test_an_objective_that_was_archived_but_not_yet_published_is_refused(small, enrolment, as_ben, objective):
    LearningObjective.objects.filter(pk=objective.pk).update(archived_at=timezone.now())

    assert rate(as_ben, objective, "2").status_code == 422


def test_all_or_nothing_is_stored(small, enrolment, objective):
    foreign = small.topics[1].objectives.get()
    for levels_ in ({objective.pk: 2, foreign.pk: 2}, {objective.pk: 9}, {objective.pk: 2, 0: 1}):
        with pytest.raises(services.RatingRefusedError):
            services.rate_objectives(enrolment=enrolment, topic_id=small.topics[0].pk, moment="before", levels=levels_)

    assert not ObjectiveRating.objects.exists()


def test_rating_starts_the_course(small, as_cleo, cleo, objective):
    rate(as_cleo, objective, "2")

    assert levels(Enrolment.objects.get(user=cleo)) == {("challenges-1", "before", 2)}


def test_nobody_else_sees_my_ratings(small, enrolment, as_ben, as_cleo, as_dag, objective):
    rate(as_ben, objective, "4")

    for client in (as_cleo, as_dag):
        assert not client.get(TOPIC).context["objectives"]["has_then"]
        assert client.get("/courses/core/finish/").context["topics"] == []


def test_a_session_that_ended_gives_the_ratings_back(small, enrolment, client, objective):
    response = rate(client, objective, "3")

    assert response.status_code == 401
    assert f'name="objective-{objective.pk}" value="3"' in response.text


# --- Counting -----------------------------------------------------------------------------------------------


def counted(enrolment):
    enrolment.refresh_from_db()
    return enrolment.objectives_rated, list(enrolment.topic_progress.values_list("objectives_rated", flat=True))


def test_what_is_rated_at_the_end_counts_for_topic_and_course(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "2")
    assert counted(enrolment) == (0, [0])

    rate(as_ben, objective, "2", "after")
    assert counted(enrolment) == (1, [1])

    rate(as_ben, objective, "", "after")
    assert counted(enrolment) == (0, [0])


def test_an_archived_objective_no_longer_counts(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "2", "after")
    objective.archived_at = timezone.now()
    objective.save(update_fields=["archived_at"])
    small.publish()

    assert counted(enrolment) == (0, [0])


def test_skipping_the_objectives_never_keeps_a_topic_from_being_done(small, enrolment, as_ben):
    read_all(as_ben, "gender")

    progress = as_ben.get("/courses/core/gender/").context["progress"]
    assert (progress.objectives_rated, progress.objectives_total) == (0, 1)
    assert progress.is_done
    assert progress.percent == 100


def test_rating_alone_neither_starts_nor_moves_a_topic(small, enrolment, as_ben, objective):
    rate(as_ben, objective, "2")

    progress = as_ben.get(TOPIC).context["progress"]
    assert not progress.is_started
    assert progress.percent == 0


@pytest.mark.parametrize("more", [0, 2])
def test_rating_costs_the_same_to_read_for_one_objective_as_for_three(
    small, enrolment, as_ben, objective, more, django_assert_num_queries
):
    add_objectives(small, more)
    for row in small.topics[0].objectives.all():
        rate(as_ben, row, "2")
        rate(as_ben, row, "3", "after")
    as_ben.get(TOPIC)

    with django_assert_num_queries(7):
        as_ben.get(TOPIC)
