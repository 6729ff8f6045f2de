"""What one activity has left is taken along to another, with where it comes from, and never twice."""

import re
import threading

import pytest
from django.db import connection
from django.urls import reverse

from activities import services
from activities.models import CardField, Dot, Note, Session
from activities.published import activities_of
from activities.tests.factories import make_session, seat_people
from activities.tests.holding import bring, do, go_on, hold, mine, seen
from conftest import make_cohort, signed_in
from courses.published import read

KINDS = "Challenges\nOpportunities"


@pytest.fixture
def voted(small, cohort, ada) -> Session:
    """A vote that has ended: health is most affected, work affects most."""
    session = make_session(small, cohort, ada)
    seat_people(session, "Aya")
    run, person = session.phases.first(), session.attendances.get()
    for colour, text in (("a", "Health"), ("b", "Work")):
        Dot.objects.create(run=run, attendance=person, choice=run.choices.get(text=text), colour=colour, slot=1)
    services.end_session(session=session)
    return session


@pytest.fixture
def board(small, cohort, ada, ben) -> Session:
    """A board of two kinds of notes in the same cohort; Ben is in it."""
    session = hold(small, cohort, ada, [{"tool": "sticky-notes", "options": KINDS}])
    bring(session, ben)
    return session


def again(session: Session) -> Session:
    """Hold the activity of *session* once more with its cohort."""
    course = read(type(session.cohort.course).objects.get(pk=session.cohort.course_id))
    plan = next(row for row in activities_of(course).activities if row.id == session.activity_id)
    later = services.prepare_session(activity=plan, cohort=session.cohort, facilitator=session.created_by)
    services.begin(session=later)
    services.resume(session=later)
    return later


def panel(client, session: Session, **headers) -> str:
    return client.get(reverse("session_take", args=[session.public_id]), headers=headers).text


def take(client, session: Session, origin: Session, *keys: str, place: int = 1, **data):
    run = origin.phases.get(position=place)
    return do(client, session, "take-along", phase=1, origin=run.pk, key=keys, **data)


def keys_of(page: str) -> list[str]:
    return re.findall(r'name="key" value="([^"]+)"', page)


def test_the_console_offers_what_earlier_sessions_have_left(voted, board, as_ada, as_ben):
    as_ada.post(reverse("session_arrive", args=[board.public_id]))
    assert reverse("session_take", args=[board.public_id]) in mine(as_ada, board)
    assert reverse("session_take", args=[board.public_id]) not in mine(as_ben, board)

    for page in (panel(as_ada, board), panel(as_ada, board, hx_request="true")):
        assert "From activity 1, Sectors: Vote" in page
        assert re.search(r"Health.*Most affected by migration.*Work.*Affects migration most", page, re.S)
        assert "Schools" not in page, "nobody has given it a dot"


def test_some_of_it_is_taken_along_and_says_where_it_comes_from(voted, board, as_ada, as_ben):
    first, _second = keys_of(panel(as_ada, board))

    assert take(as_ada, board, voted, first, kind="Challenges").status_code == 302

    note = Note.objects.get()
    assert (note.text, note.kind, note.attendance, note.origin.session) == ("Health", "Challenges", None, voted)
    for client, face in ((as_ben, "participant"), (as_ada, "screen"), (as_ada, "host")):
        page = seen(client, board, face)
        assert re.search(r"Health.*from activity 1", page, re.S), face
        assert "Aya" not in page, face
    page = panel(as_ada, board)
    assert page.count("is here") == 1
    assert "Take all of it along" in page


def test_all_of_it_goes_at_once_and_twice_is_the_same(voted, board, as_ada):
    for _click in range(2):
        assert take(as_ada, board, voted, all=1, kind="Challenges").status_code == 302

    assert sorted(Note.objects.values_list("text", flat=True)) == ["Health", "Work"]
    assert "Take all of it along" not in panel(as_ada, board)


@pytest.mark.django_db(transaction=True)
def test_two_who_facilitate_at_the_same_moment_take_it_once(voted, board, ada):
    clients = [signed_in(ada) for _number in range(2)]
    start = threading.Barrier(2)

    def press(client):
        start.wait()
        take(client, board, voted, all=1, kind="Challenges")
        connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Note.objects.values_list("text", flat=True)) == ["Health", "Work"]


def test_what_was_hidden_here_does_not_come_back_by_being_taken_again(voted, board, as_ada):
    take(as_ada, board, voted, all=1, kind="Challenges")
    do(as_ada, board, "hide-note", target=Note.objects.get(text="Health").public_id)

    take(as_ada, board, voted, all=1, kind="Opportunities")

    assert list(Note.objects.filter(text="Health").values_list("kind", "is_hidden")) == [("Challenges", True)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"kind": "Challenges"}, "Tick first what to take along."),
        ({"all": 1}, "Choose under which heading to put it."),
        ({"all": 1, "kind": "Elsewhere"}, "Choose under which heading to put it."),
        ({"all": 1, "kind": "Challenges", "origin": "0"}, "is not there any more"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_words(voted, board, as_ada, data, why):
    origin = {"origin": voted.phases.first().pk, **data}
    refused = do(as_ada, board, "take-along", phase=1, **origin)

    assert refused.status_code == 422
    assert why in refused.text
    assert not Note.objects.exists()


def test_participants_take_nothing_along(voted, board, as_ben):
    assert take(as_ben, board, voted, all=1, kind="Challenges").status_code == 404
    assert not Note.objects.exists()


def test_a_tool_that_goes_on_with_nothing_offers_nothing(voted, as_ada):
    later = again(voted)
    as_ada.post(reverse("session_arrive", args=[later.public_id]))

    assert "take-along" not in mine(as_ada, later)
    assert "has left anything" in panel(as_ada, later)
    assert take(as_ada, later, voted, all=1).status_code == 404


def test_what_another_cohort_has_left_is_not_offered(small, voted, ada, cleo):
    elsewhere = make_cohort(small.course, ada, name="Elsewhere")
    board = hold(small, elsewhere, ada, [{"tool": "sticky-notes"}])
    client = signed_in(ada)

    assert "has left anything" in panel(client, board)
    assert take(client, board, voted, all=1).status_code == 422


# --- What tools leave ---------------------------------------------------------------------------------------


def test_a_vote_leaves_nothing_before_its_result_is_shown(small, cohort, ada, as_ada):
    session = make_session(small, cohort, ada)
    seat_people(session, "Aya")
    run = session.phases.first()
    Dot.objects.create(run=run, attendance=session.attendances.get(), choice=run.choices.first(), colour="a", slot=1)
    board = hold(small, cohort, ada, [{"tool": "sticky-notes"}])
    assert "has left anything" in panel(as_ada, board)

    services.reveal(session=session, revealed=True)
    assert "Health" in panel(as_ada, board)


def test_notes_go_along_under_the_heading_that_they_had_without_hidden_ones_and_names(board, as_ben, as_ada):
    for text in ("Trust", "Rent"):
        do(as_ben, board, "add-note", text=text, kind="Opportunities")
    do(as_ada, board, "hide-note", target=Note.objects.get(text="Rent").public_id)
    later = again(board)

    page = panel(as_ada, later)
    assert "Trust" in page
    assert not re.search("Rent|Ben", page.partition("<main")[2])
    take(as_ada, later, board, all=1)

    note = later.phases.get().notes.get()
    assert (note.text, note.kind, note.attendance) == ("Trust", "Opportunities", None)
    assert "from activity 5" in seen(as_ada, later, "screen")


def test_expectations_on_cards_go_along_within_one_session(small, cohort, ada, ben, as_ada):
    phases = [
        {"tool": "cards"},
        {"tool": "cards", "options": "Met\nNot here", "questions": ["wish"]},
        {"tool": "sticky-notes"},
    ]
    session = hold(small, cohort, ada, phases, {"wish": "What for?", "name": "Who?"})
    (person,) = bring(session, ben)
    for question in session.activity.questions.all():
        CardField.objects.create(attendance=person, question=question, text=f"My {question.key}", verdict="")
    go_on(session)
    go_on(session)

    page = panel(as_ada, session)
    assert "From this activity: Phase 2" in page
    assert "My wish" in page
    assert "My name" not in page
    run = session.phases.get(position=2)
    do(as_ada, session, "take-along", phase=3, origin=run.pk, all=1)
    assert "from step 2" in seen(as_ada, session, "screen")


def test_what_is_too_long_for_a_note_ends_visibly(small, cohort, ada, ben, as_ada):
    phases = [{"tool": "cards", "options": "Met\nNot here"}, {"tool": "sticky-notes", "questions": []}]
    session = hold(small, cohort, ada, phases, {"wish": "What for?"})
    (person,) = bring(session, ben)
    CardField.objects.create(attendance=person, question=session.activity.questions.get(), text="x" * 300)
    go_on(session)
    do(as_ada, session, "take-along", phase=2, origin=session.phases.get(position=1).pk, all=1)

    assert Note.objects.get().text == "x" * 199 + "…"


# --- Afterwards ---------------------------------------------------------------------------------------------


def test_a_note_that_was_taken_along_outlives_what_it_came_from(voted, board, as_ada):
    take(as_ada, board, voted, all=1, kind="Challenges")
    voted.delete()

    assert Note.objects.count() == 2
    assert "from an earlier activity" in seen(as_ada, board, "screen")


def test_a_cohort_goes_with_all_of_it(voted, board, cohort, as_ada):
    take(as_ada, board, voted, all=1, kind="Challenges")

    cohort.delete()

    assert not Note.objects.exists()


def test_the_board_costs_the_same_with_what_was_taken_along(voted, board, as_ada, as_ben, django_assert_num_queries):
    do(as_ben, board, "add-note", text="Trust", kind="Challenges")
    seen(as_ada, board, "screen")
    with django_assert_num_queries(7):
        seen(as_ada, board, "screen")
    take(as_ada, board, voted, all=1, kind="Challenges")

    with django_assert_num_queries(7):
        seen(as_ada, board, "screen")


def test_the_panel_costs_one_query_more_for_each_phase_that_has_left_something(
    voted, board, as_ada, django_assert_num_queries
):
    url = reverse("session_take", args=[board.public_id])
    as_ada.get(url)
    with django_assert_num_queries(9):
        as_ada.get(url)
    take(as_ada, board, voted, all=1, kind="Challenges")
    with django_assert_num_queries(9):
        as_ada.get(url)
