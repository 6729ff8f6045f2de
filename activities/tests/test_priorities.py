"""A cohort's vote says what to look at first: in the discussion after it, and in cases of the same topic."""

import re

import pytest
from django.urls import reverse

from activities import services
from activities.live import faces
from activities.models import Activity, Dot, Session
from activities.tests.factories import make_case, make_session, seat_people
from activities.tests.holding import go_on, seen
from conftest import SmallCourse, make_cohort

TITLE = "look at these first"
FACES = ["participant", "screen", "host"]


def put_in_topic(small: SmallCourse, *keys: str, topic: int = 0) -> None:
    """Let activities belong to a topic."""
    Activity.objects.filter(key__in=keys).update(stage="topic", topic=small.topics[topic])
    small.publish()


def vote(session: Session, *texts: str) -> None:
    """Let somebody for each of *texts* place a dot of colour B on it, and the last one a dot of A on work."""
    run = session.phases.first()
    people = seat_people(session, *(f"Voter {number}" for number in range(len(texts))))
    for text, membership in zip(texts, people, strict=True):
        person = session.attendances.get(membership=membership)
        Dot.objects.create(run=run, attendance=person, choice=run.choices.get(text=text), colour="b", slot=1)
    Dot.objects.create(run=run, attendance=person, choice=run.choices.get(text="Work"), colour="a", slot=1)


@pytest.fixture
def voted(small, cohort, ada) -> Session:
    """A vote that has ended: schools come first, then work, then housing; work is most affected."""
    session = make_session(small, cohort, ada)
    vote(session, "Schools", "Schools", "Housing", "Schools")
    services.end_session(session=session)
    return session


@pytest.fixture
def case(small, cohort, ada, voted, bens_membership) -> Session:
    """A case of the same topic, begun; Ben is in it."""
    session = make_case(small, cohort, ada)
    put_in_topic(small, "sectors", "case")
    services.arrive(session=session, membership=bens_membership)
    services.begin(session=session)
    services.resume(session=session)
    return session


@pytest.mark.parametrize("face", FACES)
def test_a_case_shows_what_the_vote_puts_first_in_its_order(case, as_ada, face):
    page = seen(as_ada, case, face)

    assert TITLE in page
    assert re.search(r"Most affected by migration:.*Work.*Affecting migration most:.*Schools.*Housing", page, re.S)
    assert re.findall(r"<li><bdi>(\w+)</bdi>", page) == ["Schools", "Work", "Housing", "Health"]
    assert "A 0 · B 3" in page


def test_it_leads_to_the_results_of_the_vote(case, voted, as_ben):
    url = reverse("session_results", args=[voted.public_id])

    assert url in seen(as_ben, case, "participant")
    assert as_ben.get(url).status_code == 200


def test_it_stands_in_the_discussion_of_the_case_too(case, as_ben):
    go_on(case)

    assert TITLE in seen(as_ben, case, "participant")


def test_a_case_of_another_topic_has_nothing_of_it(small, case, as_ben):
    put_in_topic(small, "case", topic=1)

    assert TITLE not in seen(as_ben, case, "participant")


def test_the_vote_of_another_cohort_is_its_own(small, voted, cleo, as_cleo):
    elsewhere = make_cohort(small.course, cleo, name="Elsewhere")
    session = make_case(small, elsewhere, cleo)
    put_in_topic(small, "sectors", "case")
    services.begin(session=session)

    assert TITLE not in seen(as_cleo, session, "host")


def test_the_discussion_after_a_vote_lists_the_sectors_once_its_result_is_shown(small, cohort, ada, as_ada, as_ben):
    session = make_session(small, cohort, ada)
    vote(session, "Housing", "Schools", "Housing")
    go_on(session)
    assert TITLE not in seen(as_ada, session, "host"), "nobody has seen it yet"

    services.go_to(session=session, position=1, from_position=2)
    assert TITLE not in seen(as_ada, session, "host"), "the vote itself"
    services.reveal(session=session, revealed=True)
    assert TITLE not in seen(as_ada, session, "host"), "the bars say it"
    go_on(session)

    for face in FACES:
        page = seen(as_ada, session, face)
        assert re.findall(r"<li><bdi>(\w+)</bdi>", page) == ["Housing", "Schools", "Work", "Health"], face
        assert "Results of the vote" not in page, "participants see them at the end"


def test_nothing_comes_first_where_nobody_has_voted(small, cohort, ada, as_ada):
    session = make_session(small, cohort, ada)
    services.reveal(session=session, revealed=True)
    go_on(session)

    assert TITLE not in seen(as_ada, session, "host")


@pytest.mark.parametrize("people_count", [1, 3])
def test_the_state_of_a_case_takes_nine_queries_with_it(case, people_count, django_assert_num_queries):
    seat_people(case, *("Aya", "Bilal", "Chipo")[:people_count])
    services.form_groups(session=case, number=1)
    list(faces.render(case.public_id, faces.FACES))

    with django_assert_num_queries(9):
        list(faces.render(case.public_id, [faces.HOST]))
