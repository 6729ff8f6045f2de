"""Who needs a hand comes first; an open page is told when somebody has got on."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse

from cohorts.tests.people import be_quiet_for, make_participant, plan_reading, read_section, write_answer
from conftest import make_cohort
from courses.models import Answer

HTMX = {"HX-Request": "true"}


def url(cohort, query=""):
    return reverse("cohort_progress", args=[cohort.public_id]) + query


def hand(client, cohort):
    """Return the words of the list."""
    page = client.get(url(cohort)).text
    section = page.split('id="hand"')[1].split('class="card left-empty"')[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def yesterday(cohort):
    return cohort.today - dt.timedelta(days=1)


def test_nobody_needs_a_hand(as_ada, cohort, small):
    ann = make_participant(cohort, "Ann")
    read_section(small, ann, 0)
    plan_reading(small, cohort, 0, yesterday(cohort))

    assert "Nobody needs a hand now" in hand(as_ada, cohort)


def test_who_is_most_behind_comes_first_with_what_is_missing(as_ada, cohort, small):
    ann, bob = make_participant(cohort, "Ann"), make_participant(cohort, "Bob")
    for place in (0, 1, 2):
        plan_reading(small, cohort, place, yesterday(cohort))
    for place in (0, 2):
        read_section(small, ann, place)
    read_section(small, bob, 3)

    assert "Behind the plan 2 Bob 3 sections: 1.1, 1.2, 2.1 Ann 1 section: 1.2" in hand(as_ada, cohort)


def test_who_has_stalled_is_named_with_the_section_opened_last(as_ada, cohort, small):
    ann, bob = make_participant(cohort, "Ann"), make_participant(cohort, "Bob")
    for each in (ann, bob):
        read_section(small, each, 0, done=False)
        read_section(small, each, 2, done=False)
    be_quiet_for(ann, days=4, minutes=1)
    be_quiet_for(bob, days=3, hours=23)

    words = hand(as_ada, cohort)

    assert "Stalled in a section 1 Ann 2.1 Section 1 of gender · last seen 4 days ago" in words
    assert "Bob" not in words


def test_who_has_not_started_is_named_from_the_first_day_on(as_ada, ada, small):
    cohort = make_cohort(
        small.course, ada, time_zone="America/Lima", starts_on=dt.date(2026, 3, 5), ends_on=dt.date(2026, 3, 9)
    )
    make_participant(cohort, "Ann")

    # Lima is five hours behind.
    with time_machine.travel(dt.datetime(2026, 3, 5, 4, 59, tzinfo=dt.UTC)):
        assert "Ann" not in hand(as_ada, cohort)
    with time_machine.travel(dt.datetime(2026, 3, 5, 5, 1, tzinfo=dt.UTC)):
        assert "Not started 1 Ann" in hand(as_ada, cohort)


def test_the_list_is_short_and_leads_to_the_rest(as_ada, cohort):
    for number in range(7):
        make_participant(cohort, f"Ann {number}".replace(" ", "-"))

    page = as_ada.get(url(cohort)).text

    assert "and 2 more" in page
    assert 'href="?state=not-started#progress"' in page
    assert hand(as_ada, cohort).count("Ann-") == 5


def test_the_question_left_empty_most_often_counts_only_who_has_done_its_section(as_ada, cohort, small):
    people = [make_participant(cohort, name) for name in ("Ann", "Bob", "Cat", "Dan")]
    for each in people[:3]:
        read_section(small, each, 0)
    write_answer(small, people[0], 0, "Words")
    for each in people[1:]:
        write_answer(small, each, 1, " ")
    write_answer(small, people[3], 0, "Words")
    former = make_participant(cohort, "Eve", left_at=dt.datetime.now(dt.UTC))
    read_section(small, former, 0)

    questions = reverse("cohort_questions_left", args=[cohort.public_id])
    for page in (as_ada.get(questions).text, as_ada.get(questions, headers=HTMX).text):
        found = re.findall(r"What about (\d)\?</a>\s*<span[^>]*>([^<]*)<", page)
        assert found == [
            ("2", "1.1: 3 of 3 who have done the section"),
            ("1", "1.1: 2 of 3 who have done the section"),
        ]
        assert 'href="/courses/core/challenges/section-1/#answer-context-question-2"' in page


def test_a_question_that_one_person_leaves_empty_is_not_on_the_list(as_ada, cohort, small):
    read_section(small, make_participant(cohort, "Ann"), 0)

    page = as_ada.get(reverse("cohort_questions_left", args=[cohort.public_id])).text

    assert "No question is often left empty." in page


def test_whether_an_answer_has_words_is_kept_by_the_database(cohort, small):
    ann = make_participant(cohort, "Ann")
    write_answer(small, ann, 0, "\n  \t")
    answer = Answer.objects.get()
    assert not answer.has_words

    Answer.objects.update(text=" x")

    answer.refresh_from_db()
    assert answer.has_words


# --- News ---------------------------------------------------------------------------------------------------


def look(client, cohort, page):
    """Ask as the open *page* does."""
    asks = re.search(r'hx-get="([^"]*seen=\w+)"', page)[1].replace("&amp;", "&")
    return client.get(asks, headers=HTMX)


def test_an_open_page_is_told_that_nothing_is_new_in_four_queries(as_ada, cohort, django_assert_num_queries):
    make_participant(cohort, "Ann")
    with time_machine.travel(dt.datetime(2026, 3, 5, 14, 31, tzinfo=dt.UTC), tick=False):
        page = as_ada.get(url(cohort)).text
        # session, user, cohort, news
        with django_assert_num_queries(4):
            response = look(as_ada, cohort, page)

    assert response.status_code == 204


def test_an_open_page_gets_the_table_and_the_list_when_somebody_has_got_on(as_ada, cohort, small):
    ann = make_participant(cohort, "Ann")
    make_participant(cohort, "Bob")
    page = as_ada.get(url(cohort, "?q=ann&sort=-seen&open=all")).text

    read_section(small, ann, 0)
    response = look(as_ada, cohort, page)

    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'id="progress-table"' in response.text
    assert 'hx-swap-oob="true"' in response.text
    assert "1/4 sections" in response.text
    table = response.text.split("<tbody>")[1].split("</tbody>")[0]
    assert "Bob" not in table
    assert look(as_ada, cohort, response.text).status_code == 204


@pytest.mark.parametrize("what", ["opens a section", "joins", "leaves"])
def test_it_is_news_when_somebody(as_ada, cohort, small, what):
    ann = make_participant(cohort, "Ann")
    page = as_ada.get(url(cohort)).text

    if what == "opens a section":
        read_section(small, ann, 0, done=False)
    elif what == "joins":
        make_participant(cohort, "Bob")
    else:
        ann.left_at = dt.datetime.now(dt.UTC)
        ann.save()

    assert look(as_ada, cohort, page).status_code == 200


@pytest.mark.browser
def test_the_table_changes_under_a_reader_who_stays_where_they_are(visit, ada, cohort, small):
    ann = make_participant(cohort, "Ann")
    visitor = visit(ada)
    page = visitor.open(url(cohort, "?open=all"))
    page.get_by_role("row").get_by_role("link", name="Ann").focus()
    page.locator(".matrix-scroll").evaluate("(box) => (box.scrollLeft = 120)")
    asked = []
    page.on("response", lambda response: asked.append(response.status))

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(400)
    assert asked == [204]
    read_section(small, ann, 0)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page.get_by_text("1/4 sections").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Ann"
    assert page.locator(".matrix-scroll").evaluate("(box) => box.scrollLeft") == 120
    assert page.locator("[aria-live]").count() == 0


@pytest.mark.browser
def test_a_page_that_nobody_looks_at_asks_nothing(visit, ada, cohort):
    visitor = visit(ada)
    page = visitor.open(url(cohort))
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(400)

    assert asked == []


@pytest.mark.browser
def test_on_a_phone_no_page_scrolls_sideways(visit, ada, cohort, small):
    ann = make_participant(cohort, "Ann-with-a-name-that-is-far-too-long-to-fit-on-a-small-phone-screen")
    read_section(small, ann, 0)
    visitor = visit(ada, width=360)

    for path in (url(cohort, "?open=all"), reverse("cohort_person", args=[cohort.public_id, ann.public_id])):
        page = visitor.open(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
