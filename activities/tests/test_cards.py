"""Cards: filled in, presented in turn, sorted; and drawings that are nothing but numbers."""

import json
import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from activities import services
from activities.live.state import state_of
from activities.models import ActivityQuestion, CardField, CardTurn, Session
from activities.tests.holding import bring, do, go_on, hold, mine, seen, somebody
from activities.tools.cards import Cards
from activities.tools.drawings import POINTS_MAX, STROKES_MAX
from conftest import signed_in
from courses.models import LearningObjective

QUESTIONS = {"name-and-organization": "Who are you?", "expectations": "What do you expect?"}


@pytest.fixture
def wall(small, cohort, ada, ben) -> Session:
    """Ada's session with cards: filled in, presented, sorted, and the end. Ben is in it."""
    LearningObjective.objects.create(course=small.course, key="nexus", text="explain the nexus")
    session = hold(
        small,
        cohort,
        ada,
        [
            {"tool": "cards"},
            {"tool": "cards", "work": "plenary", "per": "person", "minutes": 2},
            {"tool": "cards", "work": "plenary", "questions": ["expectations"], "options": "Met\nPartly\nNot here"},
            {"tool": "cards", "work": "plenary", "questions": []},
        ],
        QUESTIONS,
    )
    ben.organization = "City of Sfax"
    ben.save()
    bring(session, ben)
    return session


def field_of(key: str) -> int:
    return ActivityQuestion.objects.get(key=key).pk


def save(client, session, text="To learn", drawing="", key="expectations"):
    pk = field_of(key)
    return do(client, session, "save-card", **{f"text-{pk}": text, f"drawing-{pk}": drawing})


def turn_of(session):
    return session.phases.get(position=2).turn


def press(client, session, action):
    return do(client, session, action, target=turn_of(session))


def now(client, session):
    """Return whose turn the projector shows."""
    found = re.search(r"Now: ([^<]*)<", seen(client, session, "screen"))
    return found and found[1]


def results(session, place):
    state = state_of(Session.objects.with_course().get(pk=session.pk))
    found = Cards().results(state, state.steps[place - 1])
    return render_to_string("activities/tools/cards/_results.html", {"results": found})


def rows(session, place):
    state = state_of(Session.objects.with_course().get(pk=session.pk))
    return Cards().rows(state, state.steps[place - 1])


# --- Filling in ---------------------------------------------------------------------------------------------


def test_name_and_organization_are_filled_in_from_the_profile_and_saved_only_with_the_card(wall, as_ben):
    assert ">Ben, City of Sfax</textarea>" in mine(as_ben, wall)
    assert not CardField.objects.exists()


def test_a_card_is_saved_changed_and_seen_by_everybody(wall, as_ben, as_ada):
    assert save(as_ben, wall).status_code == 302
    save(as_ben, wall, "To learn more\nand more")

    assert CardField.objects.get().text == "To learn more\nand more"
    for client, face in ((as_ben, "participant"), (as_ada, "screen"), (as_ada, "host")):
        page = seen(client, wall, face)
        assert "To learn more<br>and more" in page, face
        assert "Ben" in page, face


def test_an_emptied_field_goes_from_the_card_but_not_the_last_one(wall, as_ben):
    save(as_ben, wall)
    save(as_ben, wall, "Ben", key="name-and-organization")

    name, wish = field_of("name-and-organization"), field_of("expectations")
    do(as_ben, wall, "save-card", **{f"text-{name}": "Ben", f"text-{wish}": " "})
    assert CardField.objects.get().question_id == name
    assert do(as_ben, wall, "save-card", **{f"text-{name}": ""}).status_code == 422
    assert CardField.objects.get().text == "Ben"


def test_a_field_that_is_too_long_refuses_the_whole_card_and_gives_all_of_it_back(wall, as_ben):
    name, wish = field_of("name-and-organization"), field_of("expectations")

    refused = do(as_ben, wall, "save-card", **{f"text-{name}": "Benjamin", f"text-{wish}": "x" * 301})

    assert refused.status_code == 422
    assert "1 character too long" in refused.text
    assert ">Benjamin</textarea>" in refused.text
    assert f">{'x' * 301}</textarea>" in refused.text
    assert not CardField.objects.exists()


def test_when_the_time_is_over_the_card_comes_back_with_words(wall, as_ben):
    run = wall.phases.get(position=1)
    run.started_at = timezone.now() - timedelta(minutes=11)
    run.save()

    refused = save(as_ben, wall, "Late")

    assert refused.status_code == 422
    assert "The time is over" in refused.text
    assert ">Late</textarea>" in refused.text


# --- Drawings -----------------------------------------------------------------------------------------------


def test_a_drawing_is_kept_as_numbers_and_drawn_by_us(wall, as_ben, as_ada):
    save(as_ben, wall, "A bridge", "[[0,0,150,150],[300,0]]")

    assert CardField.objects.get().drawing == [[0, 0, 150, 150], [300, 0]]
    page = seen(as_ada, wall, "screen")
    assert '<polyline points="0 0 150 150"/><polyline points="300 0 300 0"/>' in page
    assert "A bridge" in page
    assert "[[0,0,150,150],[300,0]]" in mine(as_ben, wall)


def test_a_drawing_without_words_is_refused_and_comes_back(wall, as_ben):
    refused = save(as_ben, wall, "", "[[1,2,3,4]]")

    assert refused.status_code == 422
    assert "Say in a few words what you drew" in refused.text
    assert "[[1,2,3,4]]</textarea>" in refused.text


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg onload=alert(1)>",
        '[["0 0\\"/><script>"]]',
        "[[1]]",
        "[[1,2,3]]",
        "[[]]",
        "[[-1,0]]",
        "[[301,0]]",
        "[[1.5,2]]",
        "[[true,false]]",
        "[[NaN,1]]",
        '{"a":1}',
        "[" * 2000,
        "[[1e400,1]]",
        json.dumps([[1, 1]] * (STROKES_MAX + 1)),
        json.dumps([[1, 1] * (POINTS_MAX + 1)]),
        "[[1,2]," + " " * 60_000 + "[3,4]]",
    ],
)
def test_what_is_no_small_drawing_is_refused(wall, as_ben, drawing):
    assert save(as_ben, wall, "A bridge", drawing).status_code == 422
    assert not CardField.objects.exists()


def test_the_largest_drawing_is_taken(wall, as_ben):
    stroke = [300, 300] * (POINTS_MAX // STROKES_MAX)

    assert save(as_ben, wall, "Much", json.dumps([stroke] * STROKES_MAX)).status_code == 302
    assert sum(map(len, CardField.objects.get().drawing)) == 2 * POINTS_MAX


# --- Presenting in turn -------------------------------------------------------------------------------------


@pytest.fixture
def presenting(wall, as_ben) -> Session:
    """Ben and Chipo have cards, Dina has none; now they present."""
    chipo = somebody(wall, "Chipo")
    somebody(wall, "Dina")
    save(as_ben, wall, "Ideas")
    save(chipo, wall, "Contacts")
    go_on(wall)
    return wall


def test_people_present_in_turn_with_their_cards_big(presenting, as_ada, as_ben):
    order = []
    press(as_ada, presenting, "next-turn")
    while name := now(as_ada, presenting):
        order.append(name)
        page = seen(as_ben, presenting, "participant")
        assert ("Ideas" in page.partition("cards-all")[0]) is (name == "Ben")
        press(as_ada, presenting, "next-turn")

    assert order == ["Ben", "Chipo", "Dina"]
    assert "Everybody has presented." in seen(as_ada, presenting, "screen")
    press(as_ada, presenting, "previous-turn")
    assert now(as_ada, presenting) == "Dina"


def test_a_second_press_of_the_same_button_moves_nobody_on(presenting, as_ada):
    press(as_ada, presenting, "next-turn")
    for _time in range(2):
        do(as_ada, presenting, "next-turn", target=1)

    assert now(as_ada, presenting) == "Chipo"


def test_whoever_is_passed_over_is_called_again_at_the_end_and_late_arrivals_before_them(presenting, as_ada):
    press(as_ada, presenting, "next-turn")
    press(as_ada, presenting, "skip-turn")
    assert now(as_ada, presenting) == "Chipo"
    somebody(presenting, "Emeka")

    order = []
    for _time in range(3):
        press(as_ada, presenting, "next-turn")
        order.append(now(as_ada, presenting))

    assert order == ["Dina", "Emeka", "Ben"]
    press(as_ada, presenting, "next-turn")
    assert now(as_ada, presenting) is None
    assert CardTurn.objects.count() == 4


def test_the_last_one_passed_over_comes_again(presenting, as_ada):
    for action in ("next-turn", "next-turn", "next-turn", "skip-turn"):
        press(as_ada, presenting, action)

    assert now(as_ada, presenting) == "Dina"


def test_who_facilitates_begins_with_a_card_of_their_own(wall, as_ada, as_ben, ada):
    services.arrive(session=wall, membership=wall.cohort.memberships.get(user=ada))
    save(as_ada, wall, "Good talks")
    go_on(wall)

    press(as_ada, wall, "next-turn")

    assert now(as_ada, wall) == "Ada"


def test_each_turn_has_its_own_clock_which_stands_still_in_a_pause(presenting, as_ada, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)

    def left():
        turn = seen(as_ada, presenting, "screen").partition('class="turn"')[2]
        return re.search(r'data-left="(-?\d+)" data-total="120" data-running="(\d)"', turn).groups()

    press(as_ada, presenting, "next-turn")
    time_machine.move_to(start + timedelta(seconds=50), tick=False)
    assert left() == ("70", "1")
    services.pause(session=presenting)
    time_machine.move_to(start + timedelta(seconds=110), tick=False)
    assert left() == ("70", "0")
    press(as_ada, presenting, "next-turn")
    time_machine.move_to(start + timedelta(seconds=130), tick=False)
    assert left() == ("120", "0")
    services.resume(session=presenting)
    time_machine.move_to(start + timedelta(seconds=140), tick=False)
    assert left() == ("110", "1")


def test_participants_move_nobody_on(presenting, as_ben):
    for action in ("next-turn", "previous-turn", "skip-turn", "sort-cards", "hide-card"):
        assert press(as_ben, presenting, action).status_code == 404


def test_a_card_can_still_be_changed_while_others_present(presenting, as_ben):
    save(as_ben, presenting, "More ideas")

    assert CardField.objects.filter(text="More ideas").exists()


# --- Sorting ------------------------------------------------------------------------------------------------


def test_expectations_are_sorted_with_a_reason_and_the_objectives_close(wall, as_ada, as_ben):
    save(as_ben, wall, "Learn about budgets")
    go_on(wall)
    go_on(wall)
    row = CardField.objects.get()
    assert "Not sorted yet" in seen(as_ben, wall, "participant")

    do(as_ada, wall, "sort-cards", **{f"verdict-{row.pk}": "Partly", f"reason-{row.pk}": "In topic 2."})

    assert re.search(r"Partly.*Learn about budgets.*In topic 2\..*Not here", seen(as_ben, wall, "participant"), re.S)
    assert save(as_ben, wall, "Something else").status_code == 422, "what is sorted stays as it was"
    go_on(wall)
    for face in ("participant", "screen", "host"):
        page = seen(as_ada, wall, face)
        assert "explain the nexus" in page
        assert "In topic 2." in page
    assert "Learn about budgets" in results(wall, 1)
    assert "In topic 2." in results(wall, 3)
    assert rows(wall, 1)[1:] == [["Ben", "", "Learn about budgets"]]
    assert rows(wall, 2) == rows(wall, 4) == []
    assert rows(wall, 3)[1:] == [["Ben", "Learn about budgets", "Partly", "In topic 2."]]
    assert "explain the nexus" in results(wall, 4)


def test_only_the_phases_own_lists_and_questions_are_sorted_into(wall, as_ada, as_ben):
    save(as_ben, wall, "Ben of Sfax", key="name-and-organization")
    save(as_ben, wall)
    go_on(wall)
    go_on(wall)
    name, wish = CardField.objects.order_by("question")

    do(as_ada, wall, "sort-cards", **{f"verdict-{name.pk}": "Met", f"verdict-{wish.pk}": "Elsewhere"})

    assert set(CardField.objects.values_list("verdict", flat=True)) == {""}


# --- Moderation, and what stands on pages -------------------------------------------------------------------


def test_a_hidden_card_is_seen_by_its_author_and_facilitators_until_it_is_restored(wall, as_ada, as_ben, ben):
    save(as_ben, wall)
    target = wall.attendances.get(membership__user=ben).public_id

    do(as_ada, wall, "hide-card", target=target)
    save(as_ben, wall, "To learn", "[[1,1]]")
    save(as_ben, wall, "Rude", key="name-and-organization")
    assert "To learn" not in seen(as_ben, wall, "participant")
    assert "Rude" not in seen(as_ada, wall, "screen")
    assert "Hidden cards" in seen(as_ada, wall, "host")
    assert "To learn" not in results(wall, 1)
    assert "To learn" in mine(as_ben, wall)

    do(as_ada, wall, "restore-card", target=target)
    assert "To learn" in seen(as_ada, wall, "screen")
    assert do(as_ada, wall, "hide-card", target="nobody").status_code == 422


def test_the_wall_is_hidden_and_shown_again(wall, as_ada, as_ben):
    save(as_ben, wall)

    for revealed in (False, True):
        services.reveal(session=wall, revealed=revealed)
        assert ("To learn" in seen(as_ada, wall, "screen")) is revealed


def test_what_people_write_is_never_markup_and_has_its_own_direction(wall, as_ada, as_ben, ben):
    ben.name = "<b>Ben</b>"
    ben.save()
    save(as_ben, wall, "<img src=x onerror=alert(1)> التعلم")
    go_on(wall)
    press(as_ada, wall, "next-turn")
    pages = [seen(as_ada, wall, "host"), seen(as_ada, wall, "screen"), mine(as_ben, wall)]
    go_on(wall)
    row = CardField.objects.get()
    do(as_ada, wall, "sort-cards", **{f"verdict-{row.pk}": "Met", f"reason-{row.pk}": "<script>1</script>"})
    pages += [seen(as_ada, wall, "host"), seen(as_ada, wall, "screen")]

    for page in pages:
        assert "<img" not in page
        assert "<b>" not in page
        assert "<script" not in page
        assert re.search(r'dir="auto"[^>]*>(<p>|<b>|[^<]*)?&lt;img', page)


def test_the_wall_costs_the_same_for_one_card_and_for_ten(presenting, as_ada, as_ben, django_assert_num_queries):
    url = reverse("session_shared", args=[presenting.public_id, "host"])
    press(as_ada, presenting, "next-turn")
    as_ada.get(url)
    with django_assert_num_queries(8):
        as_ada.get(url)
    for number in range(8):
        save(somebody(presenting, f"P{number}"), presenting)
    with django_assert_num_queries(8):
        as_ada.get(url)
    own = reverse("session_mine", args=[presenting.public_id])
    with django_assert_num_queries(10):
        as_ben.get(own)


def test_nobody_else_gets_at_a_card(wall, as_ben, cleo):
    save(as_ben, wall)

    assert save(signed_in(cleo), wall).status_code == 404
    chipo = somebody(wall, "Chipo")
    save(chipo, wall, "My own")
    assert set(CardField.objects.values_list("text", flat=True)) == {"To learn", "My own"}
