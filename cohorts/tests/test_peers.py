"""Participants read each other only after answering, only from five others on, and cannot tell who wrote what."""

import re

import pytest

from cohorts import services
from cohorts.tests.sharing import QUESTION, make_sharers, share, url
from conftest import signed_in
from courses.models import Answer, Audience

SECTION = "/courses/core/challenges/section-1/"


@pytest.fixture
def open_cohort(cohort):
    cohort.has_peer_answers = True
    cohort.save()
    return cohort


@pytest.fixture
def answered(open_cohort, bens_membership, small):
    """Ben has answered, for himself."""
    return share(bens_membership.enrolment, small, "What Ben wrote.", Audience.PRIVATE)


def peers(client, cohort, query=""):
    return client.get(url("cohort_peers", cohort, *QUESTION) + query)


def test_they_open_from_five_others_on(answered, open_cohort, small, as_ben):
    make_sharers(open_cohort, small, 4)
    response = peers(as_ben, open_cohort)
    assert response.context["state"] == "too-few"
    assert "Words of" not in response.text
    assert not re.search(r"\b[45]\b", re.sub(r"<[^>]+>", "", response.text.split("<main")[1].split("</main")[0]))

    make_sharers(open_cohort, small, 1)
    response = peers(as_ben, open_cohort)
    assert response.context["state"] == "open"
    assert response.text.count("Words of person") == 5
    assert "What Ben wrote." not in response.text


def test_ones_own_answer_is_not_one_of_the_five(open_cohort, small, bens_membership, as_ben):
    share(bens_membership.enrolment, small, "What Ben wrote.")
    make_sharers(open_cohort, small, 4)

    assert peers(as_ben, open_cohort).context["state"] == "too-few"


def test_what_is_not_shared_with_the_cohort_does_not_count_and_is_not_shown(answered, open_cohort, small, as_ben):
    make_sharers(open_cohort, small, 4)
    make_sharers(open_cohort, small, 3, Audience.FACILITATORS)
    make_sharers(open_cohort, small, 3, Audience.PRIVATE)
    assert peers(as_ben, open_cohort).context["state"] == "too-few"

    make_sharers(open_cohort, small, 1)
    assert peers(as_ben, open_cohort).text.count("Words of person") == 5


@pytest.mark.parametrize("text", [None, " \n"])
def test_they_open_only_after_answering_in_words(open_cohort, small, bens_membership, as_ben, text):
    make_sharers(open_cohort, small, 5)
    if text:
        share(bens_membership.enrolment, small, text)

    response = peers(as_ben, open_cohort)

    assert response.context["state"] == "answer-first"
    assert "Words of" not in response.text


def test_who_leaves_or_takes_back_is_gone_and_five_become_four(answered, open_cohort, small, as_ben):
    first, second, *_others = make_sharers(open_cohort, small, 6)
    share(first.enrolment, small, "Words of person 0.", Audience.FACILITATORS)
    assert peers(as_ben, open_cohort).text.count("Words of person") == 5

    services.leave(membership=second)
    assert peers(as_ben, open_cohort).context["state"] == "too-few"


def test_a_cohort_that_has_it_off_shows_nothing(answered, cohort, small, as_ben):
    make_sharers(cohort, small, 5)
    cohort.has_peer_answers = False
    cohort.save()

    response = peers(as_ben, cohort)

    assert response.context["state"] == "off"
    assert "Words of" not in response.text


def test_nothing_on_the_page_tells_who_wrote_what(answered, open_cohort, small, as_ben):
    members = make_sharers(open_cohort, small, 6)
    text = peers(as_ben, open_cohort).text
    listed = text.split('<ul class="list-plain peers">')[1].split("</ul>")[0]

    for membership in members:
        assert membership.user.name not in text
        assert str(membership.public_id) not in text
    # One item is like the other but for the words: no id, no time, no class of its own.
    items = re.findall(r"<li.*?</li>", listed, re.S)
    assert len({re.sub(r"Words of person \d+\.", "", item) for item in items}) == 1


def test_the_order_is_each_readers_own_and_stays_until_the_answers_change(answered, open_cohort, small, as_ben):
    members = make_sharers(open_cohort, small, 12)
    readers = [as_ben, *(signed_in(membership.user) for membership in members[:3])]

    def order(client):
        return peers(client, open_cohort).context["page"].object_list

    orders = [order(client) for client in readers]
    assert orders == [order(client) for client in readers]
    ids = dict(Answer.objects.values_list("text", "pk"))
    by_id = [sorted(texts, key=ids.get) for texts in orders]
    # Out of 11! or 12! orders each: that one is as stored, or that two readers agree, does not happen by chance.
    assert all(found not in (plain, plain[::-1]) for found, plain in zip(orders, by_id, strict=True))
    common = [[text for text in texts if all(text in other for other in orders)] for texts in orders]
    assert len({tuple(texts) for texts in common}) == len(readers)

    make_sharers(open_cohort, small, 1)
    before, after = orders[0], [text for text in order(as_ben) if text in orders[0]]
    assert sorted(after) == sorted(before)
    assert after != before


def test_pages_of_many_answers_show_each_once(answered, open_cohort, small, as_ben):
    make_sharers(open_cohort, small, 26)

    texts = [text for page in (1, 2) for text in peers(as_ben, open_cohort, f"?page={page}").context["page"]]

    assert len(texts) == len(set(texts)) == 26


def test_markup_is_text(answered, open_cohort, small, as_ben):
    [membership, *_others] = make_sharers(open_cohort, small, 5)
    share(membership.enrolment, small, "<script>alert(1)</script> ‏مرحبا")

    text = peers(as_ben, open_cohort).text

    assert '<blockquote class="card-body" dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; ‏مرحبا</blockquote>' in text


@pytest.mark.parametrize("people", [5, 40])
def test_the_page_costs_the_same_for_few_and_for_many(
    answered, open_cohort, small, as_ben, django_assert_num_queries, people
):
    make_sharers(open_cohort, small, people)
    peers(as_ben, open_cohort)

    # session, user, membership with cohort and course; whether I have answered; which ones, and their texts
    with django_assert_num_queries(6):
        assert peers(as_ben, open_cohort).context["state"] == "open"


def test_the_box_leads_to_them_and_says_who_reads_what(answered, open_cohort, small, as_ben):
    make_sharers(open_cohort, small, 2)

    text = as_ben.get(SECTION).text

    assert url("cohort_peers", open_cohort, *QUESTION) in text
    assert "<bdi>Ada</bdi>." in text
    assert "also 2 other people who take part, without your name" in text


def test_in_a_cohort_without_them_the_box_says_so(cohort, bens_membership, small, as_ben):
    text = as_ben.get(SECTION).text

    assert "/peers/" not in text
    assert "no page shows it to the 0 other people who take part." in text


def test_whoever_is_in_no_cohort_of_the_course_is_told_so(cohort, bens_membership, small, as_ben, as_ada, as_cleo):
    services.leave(membership=bens_membership)

    # Ada facilitates: what she writes herself is not read by others either.
    for client in (as_ben, as_ada, as_cleo):
        assert "You are in no cohort of this course" in client.get(SECTION).text
