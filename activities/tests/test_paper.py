"""People without a device, what is printed for them, and what they wrote keyed in: beside the others, and undoable."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services
from activities.models import CardField, Correction, Note, PaperDots, PaperEntry
from activities.tests.factories import make_case, make_session
from activities.tests.holding import do, hold, mine, seen, somebody
from cohorts.models import Membership
from conftest import signed_in


@pytest.fixture
def vote(small, cohort, ada):
    session = make_session(small, cohort, ada)
    services.reveal(session=session, revealed=True)
    return session


@pytest.fixture
def as_ada(ada) -> Client:
    return signed_in(ada)


def key_in(client, session, position=1, *, people=4, ticket=None, **data):
    url = reverse("session_paper_step", args=[session.public_id, position])
    return client.post(url, {"ticket": ticket or uuid.uuid4(), "people": people, **data})


def take_back(client, session, entry, position=1):
    return client.post(reverse("session_paper_take_back", args=[session.public_id, position, entry.public_id]))


def test_dots_from_paper_count_like_those_of_phones(vote, as_ada):
    ben = somebody(vote, "Ben")
    choice = vote.phases.first().choices.first()
    do(ben, vote, "place", choice=choice.pk, colour="a")

    reply = key_in(as_ada, vote, people=4, **{"a-1": "3", "b-2": "4"})

    assert reply.status_code == 302
    assert PaperEntry.objects.get().summary == "7 dots of 4 people"
    board = seen(ben, vote, "participant")
    assert "7 of these dots come from paper." in board
    assert "</svg> 4</td>" in board


@pytest.mark.parametrize("data", [
    {"a-1": "5"},  # more ballots than people
    {"a-1": "4", "a-2": "4", "a-3": "4", "a-4": "1"},  # more than three a ballot
    {"a-1": "-1"}, {"a-1": "x"}, {"a-1": "1" * 5000}, {"a-1": "٣"}, {},
])  # fmt: skip
def test_what_cannot_be_on_the_ballots_is_refused_and_comes_back_as_it_was_sent(vote, as_ada, data):
    reply = key_in(as_ada, vote, people=4, **data)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    if data.get("a-1") == "5":
        assert 'name="a-1" value="5"' in reply.text
    assert not PaperEntry.objects.exists()
    assert not PaperDots.objects.exists()


@pytest.mark.parametrize("people", ["", "0", "-1", "201", "x"])
def test_so_many_people_are_not_in_a_room(vote, as_ada, people):
    assert key_in(as_ada, vote, people=people, **{"a-1": "1"}).status_code == 422
    assert not PaperEntry.objects.exists()


def test_the_same_form_sent_twice_is_keyed_in_once(vote, as_ada):
    ticket = uuid.uuid4()
    for _time in range(2):
        assert key_in(as_ada, vote, ticket=ticket, **{"a-1": "2"}).status_code == 302

    assert PaperEntry.objects.count() == 1
    assert PaperDots.objects.get().count == 2


def test_what_was_keyed_in_is_taken_back_and_offered_once_more(vote, as_ada):
    key_in(as_ada, vote, people=2, **{"a-1": "2"})
    entry = PaperEntry.objects.get()

    page = take_back(as_ada, vote, entry).text

    assert not PaperDots.objects.exists()
    assert 'name="a-1" value="2"' in page
    assert 'name="people"' in page
    assert 'value="2"' in page.split('name="people"')[1][:200]
    # A second click finds nothing to take back.
    assert take_back(as_ada, vote, entry).status_code == 302


def test_paper_is_keyed_in_when_all_is_frozen_and_after_the_end_but_not_in_an_archived_cohort(vote, as_ada, cohort):
    services.set_frozen(session=vote, frozen=True)
    assert key_in(as_ada, vote, **{"a-1": "1"}).status_code == 302
    services.end_session(session=vote)
    assert key_in(as_ada, vote, **{"a-1": "1"}).status_code == 302
    cohort.archived_at = vote.created_at
    cohort.save()
    assert key_in(as_ada, vote, **{"a-1": "1"}).status_code == 403
    assert PaperEntry.objects.count() == 2


def test_a_phase_that_takes_no_paper_is_not_found(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": ""}])

    assert key_in(as_ada, session).status_code == 404
    assert as_ada.get(reverse("session_paper_step", args=[session.public_id, 9])).status_code == 404
    assert (
        "Nothing in this activity is written on paper"
        in as_ada.get(reverse("session_paper", args=[session.public_id])).text
    )


def test_somebody_without_a_device_is_added_by_name_once_and_counts(vote, as_ada):
    url, ticket = reverse("session_paper_person", args=[vote.public_id]), uuid.uuid4()
    for _time in range(2):
        as_ada.post(url, {"name": "Old Moussa", "ticket": ticket})

    here = vote.attendances.get(is_on_paper=True)
    assert here.membership.user.name == "Old Moussa"
    assert here.membership.role == Membership.Role.PARTICIPANT
    console = seen(as_ada, vote, "host")
    assert "Old Moussa</bdi> · on paper" in console
    as_ada.post(url, {"off": here.public_id})
    assert not vote.attendances.filter(is_on_paper=True).exists()


def test_a_member_who_has_not_come_is_put_on_paper_and_leaves_it_by_arriving(vote, as_ada, bens_membership):
    url = reverse("session_paper_person", args=[vote.public_id])

    as_ada.post(url, {"member": bens_membership.pk, "ticket": uuid.uuid4()})

    here = vote.attendances.get(membership=bens_membership)
    assert here.is_on_paper
    signed_in(bens_membership.user).post(reverse("session_arrive", args=[vote.public_id]))
    here.refresh_from_db()
    assert not here.is_on_paper


@pytest.mark.parametrize(
    "data", [{}, {"name": " "}, {"name": "x" * 5000}, {"member": "999999"}, {"ticket": "x", "name": "A"}]
)
def test_a_form_that_names_nobody_is_refused(vote, as_ada, data):
    reply = as_ada.post(reverse("session_paper_person", args=[vote.public_id]), {"ticket": uuid.uuid4(), **data})

    assert reply.status_code == 422
    assert not vote.attendances.filter(is_on_paper=True).exists()


def test_who_is_on_paper_gets_a_seat_in_a_group(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": "sticky-notes", "work": "groups"}])
    somebody(session, "Ben")
    services.form_groups(session=session, most=4)

    as_ada.post(reverse("session_paper_person", args=[session.public_id]), {"name": "Moussa", "ticket": uuid.uuid4()})

    assert session.groups.get().seats.count() == 2


def test_notes_from_paper_stand_on_the_board_and_are_marked(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": "sticky-notes", "options": "Good\nBad", "work": "groups"}])
    ben = somebody(session, "Ben")
    services.form_groups(session=session, most=4)

    reply = key_in(as_ada, session, **{"notes-1": "One idea\n\n  Two   ideas \n", "notes-2": "Dust", "group": "1"})

    assert reply.status_code == 302
    assert sorted(Note.objects.values_list("kind", "text")) == [
        ("Bad", "Dust"),
        ("Good", "One idea"),
        ("Good", "Two ideas"),
    ]
    board = seen(ben, session, "participant")
    assert board.count("in the room") == 3
    assert "Group 1" in board
    services.end_session(session=session)
    assert "Two ideas" in ben.get(reverse("session_results", args=[session.public_id])).text
    take_back(as_ada, session, PaperEntry.objects.get())
    assert not Note.objects.exists()


def test_a_note_that_is_too_long_keeps_all_of_them_in_the_form(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": "sticky-notes"}])

    reply = key_in(as_ada, session, **{"notes-1": "Short\n" + "x" * 201})

    assert reply.status_code == 422
    assert "Short" in reply.text
    assert not Note.objects.exists()


def test_a_card_from_paper_is_that_persons_and_no_other_card_is_touched(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": "cards"}], {"expectations": "What do you expect?"})
    ben = somebody(session, "Ben")
    question = session.activity.questions.get()
    do(ben, session, "save-card", **{f"text-{question.pk}": "Mine"})
    as_ada.post(reverse("session_paper_person", args=[session.public_id]), {"name": "Moussa", "ticket": uuid.uuid4()})
    moussa = session.attendances.get(is_on_paper=True)

    reply = key_in(as_ada, session, people=1, person=moussa.public_id, **{f"text-{question.pk}": "A well"})

    assert reply.status_code == 302
    assert "A well" in seen(ben, session, "participant")
    bens = session.attendances.get(membership__user__name="Ben")
    again = key_in(as_ada, session, people=1, person=bens.public_id, **{f"text-{question.pk}": "Not his"})
    assert again.status_code == 422
    assert set(CardField.objects.values_list("text", flat=True)) == {"Mine", "A well"}


def test_a_sheet_from_paper_stands_beside_what_was_typed(small, cohort, ada, as_ada):
    session = make_case(small, cohort, ada)
    services.begin(session=session)
    services.resume(session=session)
    ben = somebody(session, "Ben")
    ben.post(reverse("session_write", args=[session.public_id, 1, 0, "why"]), {"text": "Typed", "version": 0})
    question = session.activity.questions.get(key="why")

    assert key_in(as_ada, session, group="0", **{f"text-{question.pk}": "By hand"}).status_code == 302

    services.end_session(session=session)
    page = ben.get(reverse("session_results", args=[session.public_id])).text
    assert "Typed" in page
    assert "By hand" in page
    assert "written on paper" in page
    take_back(as_ada, session, PaperEntry.objects.get())
    page = ben.get(reverse("session_results", args=[session.public_id])).text
    assert "Typed" in page
    assert "By hand" not in page
    assert not Correction.objects.exists()


def test_a_phase_that_was_held_on_paper_alone_is_among_the_results(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": ""}, {"tool": "sticky-notes", "title": "Expect"}])
    ben = somebody(session, "Ben")

    key_in(as_ada, session, 2, **{"notes-1": "From the wall"})
    services.end_session(session=session)

    assert "From the wall" in ben.get(reverse("session_results", args=[session.public_id])).text


@pytest.mark.parametrize("page", ["session_kit", "session_to_paper", "session_paper"])
def test_what_is_printed_costs_as_many_queries_for_three_people_as_for_one(small, cohort, ada, as_ada, page):
    session = hold(
        small, cohort, ada,
        [{"tool": "cards"}, {"tool": "sticky-notes", "options": "A\nB"}, {"tool": "dot-vote", "options": "X\nY"}],
        {"expectations": "What do you expect?"},
    )  # fmt: skip
    url = reverse(page, args=[session.public_id])
    counts = []
    for names in (["Ben"], ["Chipo", "Dina"]):
        for name in names:
            somebody(session, name)
        as_ada.get(url)
        with CaptureQueriesContext(connection) as found:
            assert as_ada.get(url).status_code == 200
        counts.append(len(found.captured_queries))

    assert counts[0] == counts[1]


def test_the_page_to_go_on_with_paper_holds_what_is_there_and_what_comes(small, cohort, ada, as_ada):
    session = hold(
        small, cohort, ada, [{"tool": "sticky-notes", "title": "Collect"}, {"tool": "", "title": "Talk it over"}]
    )
    ben = somebody(session, "Ben")
    do(ben, session, "add-note", text="A first idea", phase="1")

    page = as_ada.get(reverse("session_to_paper", args=[session.public_id])).text

    for words in ("Step 1 of 2: Collect", "A first idea", "Talk it over", "Ben", "kit-slip"):
        assert words in page


def test_nothing_of_the_paper_twin_is_for_participants(vote):
    ben = somebody(vote, "Ben")

    for name, arguments in (
        ("session_paper", ()), ("session_kit", ()), ("session_to_paper", ()), ("session_paper_step", (1,)),
    ):  # fmt: skip
        assert ben.get(reverse(name, args=[vote.public_id, *arguments])).status_code == 403
    assert "Moussa" not in mine(ben, vote)


def test_what_a_phase_needs_is_there_before_anybody_has_entered_it(small, cohort, ada, as_ada):
    session = hold(small, cohort, ada, [{"tool": ""}, {"tool": "interview"}], {"why": "Why migrate?"})

    assert "Why migrate?" in as_ada.get(reverse("session_kit", args=[session.public_id])).text
    form = as_ada.get(reverse("session_paper_step", args=[session.public_id, 2])).text
    assert "Why migrate?" in form
    name = form.split('name="outcome-')[1].split('"')[0]
    assert key_in(as_ada, session, 2, **{f"outcome-{name}": "complete"}).status_code == 302


def test_a_ticket_of_another_session_is_not_taken_for_this_one(vote, small, cohort, ada, as_ada):
    ticket = uuid.uuid4()
    other = hold(small, cohort, ada, [{"tool": "sticky-notes"}])
    key_in(as_ada, other, ticket=ticket, **{"notes-1": "A note"})

    assert key_in(as_ada, vote, ticket=ticket, **{"a-1": "1"}).status_code == 404
    assert PaperEntry.objects.count() == 1
