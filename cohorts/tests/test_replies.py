"""Facilitators reply; authors find it; nobody else's answer comes along."""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from cohorts import services
from cohorts.models import Reply
from cohorts.sharing import news_for
from cohorts.tests.sharing import QUESTION, make_sharers, reply, share, url
from conftest import make_user, signed_in
from courses.models import Audience


@pytest.fixture
def shared(bens_membership, small):
    return share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)


@pytest.fixture
def as_mia(cohort):
    """Mia learns with Ben."""
    mia = make_user("mia@example.org")
    services.join(user=mia, cohort=cohort)
    return signed_in(mia)


def test_a_private_reply_is_for_its_author_alone(cohort, bens_membership, shared, as_ada, as_ben, as_mia):
    response = reply(as_ada, cohort, bens_membership, "Ask the schools office.")

    assert response.status_code == 302
    assert response.url.startswith(url("cohort_question", cohort, *QUESTION) + "#answer-question-1-")
    assert "Ask the schools office." in as_ben.get(url("cohort_replies", cohort)).text
    assert "Ask the schools office." not in as_mia.get(url("cohort_replies", cohort)).text


def test_a_reply_to_the_cohort_comes_without_the_answer(cohort, bens_membership, shared, as_ada, as_ben, as_mia):
    reply(as_ada, cohort, bens_membership, "Schools come up often.", "cohort")

    theirs = as_mia.get(url("cohort_replies", cohort)).text
    assert "Schools come up often." in theirs
    assert "Our town grows." not in theirs
    assert "Ben" not in theirs
    own = as_ben.get(url("cohort_replies", cohort)).text
    assert "the whole cohort reads this reply, but not your answer" in own
    assert own.count("Schools come up often.") == 1


def test_what_is_taken_back_takes_the_reply_to_the_cohort_along_but_its_author_keeps_it(
    cohort, bens_membership, small, shared, as_ada, as_ben, as_mia
):
    reply(as_ada, cohort, bens_membership, "Schools come up often.", "cohort")
    share(bens_membership.enrolment, small, "Our town grows.", Audience.PRIVATE)

    assert "Schools come up often." not in as_mia.get(url("cohort_replies", cohort)).text
    assert "Schools come up often." in as_ben.get(url("cohort_replies", cohort)).text
    assert "Our town grows." not in as_ada.get(url("cohort_question", cohort, *QUESTION)).text


def test_facilitators_see_each_others_replies_and_change_only_their_own(cohort, bens_membership, shared, as_ada, cleo):
    services.add_facilitator(user=cleo, cohort=cohort)
    as_cleo = signed_in(cleo)
    reply(as_ada, cohort, bens_membership, "Ask the schools office.")
    row = Reply.objects.get()
    edit, delete = url("cohort_reply_edit", cohort, row.public_id), url("cohort_reply_delete", cohort, row.public_id)

    page = as_cleo.get(url("cohort_question", cohort, *QUESTION)).text
    assert "Ask the schools office." in page
    assert edit not in page
    assert as_cleo.get(edit).status_code == 404
    assert as_cleo.post(edit, {"text": "Mine", "audience": "author"}).status_code == 404
    assert as_cleo.post(delete).status_code == 404

    assert "Ask the schools office." in as_ada.get(edit).text
    assert as_ada.post(edit, {"text": "Ask the mayor.", "audience": "cohort"}).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.audience) == ("Ask the mayor.", "cohort")
    assert as_ada.post(delete).status_code == 302
    assert not Reply.objects.exists()


def test_the_same_reply_sent_twice_is_one(cohort, bens_membership, shared, as_ada):
    for _time in range(2):
        assert reply(as_ada, cohort, bens_membership, "Thank you.\r\nMore soon.").status_code == 302

    assert Reply.objects.get().text == "Thank you.\nMore soon."


@pytest.mark.parametrize(("text", "audience"), [("  ", "author"), ("x" * 5001, "author"), ("Hello", "everybody")])
def test_a_reply_that_cannot_be_saved_comes_back_with_its_words(
    cohort, bens_membership, shared, as_ada, text, audience
):
    response = reply(as_ada, cohort, bens_membership, text, audience)

    assert response.status_code == 422
    assert text.strip() in response.text
    assert not Reply.objects.exists()


def test_a_reply_to_what_was_just_taken_back_is_given_back(cohort, bens_membership, small, shared, as_ada):
    share(bens_membership.enrolment, small, "Our town grows.", Audience.PRIVATE)

    response = reply(as_ada, cohort, bens_membership, "A long reply.")

    assert response.status_code == 404
    assert "A long reply." in response.text
    assert not Reply.objects.exists()


def test_markup_in_a_reply_is_text(cohort, bens_membership, shared, as_ada, as_ben):
    reply(as_ada, cohort, bens_membership, "<script>alert(1)</script> ‏مرحبا")

    for client, name, arguments in ((as_ada, "cohort_question", QUESTION), (as_ben, "cohort_replies", ())):
        text = client.get(url(name, cohort, *arguments)).text
        assert '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; ‏مرحبا</p>' in text


def test_a_reply_is_new_until_its_reader_says_so_and_again_when_it_changes(
    cohort, bens_membership, shared, as_ada, as_ben, django_assert_num_queries
):
    reply(as_ada, cohort, bens_membership, "Ask the schools office.")
    row = Reply.objects.get()
    page = url("cohort_replies", cohort)
    assert "1 new reply" in as_ben.get(page).text
    [news] = news_for([bens_membership])
    assert (news.new_replies, news.requests) == (1, 0)

    as_ada.post(url("cohort_replies_seen", cohort), {"replies": str(row.public_id)})
    assert "1 new reply" in as_ben.get(page).text
    as_ben.post(url("cohort_replies_seen", cohort), {"replies": str(row.public_id)})
    assert "new reply" not in as_ben.get(page).text
    with django_assert_num_queries(2):
        assert news_for([bens_membership]) == []

    edit = url("cohort_reply_edit", cohort, row.public_id)
    as_ada.post(edit, {"text": "Ask the schools office.", "audience": "cohort"})
    assert "new reply" not in as_ben.get(page).text
    as_ada.post(edit, {"text": "Ask the mayor.", "audience": "author"})
    assert "1 new reply" in as_ben.get(page).text


def test_in_an_archived_cohort_everything_is_read_and_nothing_changed(cohort, bens_membership, shared, as_ada, as_ben):
    reply(as_ada, cohort, bens_membership, "Ask the schools office.")
    row = Reply.objects.get()
    cohort.archived_at = timezone.now()
    cohort.save()

    assert "Ask the schools office." in as_ben.get(url("cohort_replies", cohort)).text
    page = as_ada.get(url("cohort_question", cohort, *QUESTION)).text
    assert "Our town grows." in page
    assert "<textarea" not in page
    for response in (
        reply(as_ada, cohort, bens_membership, "More."),
        as_ada.post(url("cohort_reply_edit", cohort, row.public_id), {"text": "More.", "audience": "author"}),
        as_ada.post(url("cohort_reply_delete", cohort, row.public_id)),
    ):
        assert response.status_code == 403
    assert Reply.objects.get().text == "Ask the schools office."


@pytest.mark.parametrize("count", [3, 40])
def test_the_replies_page_costs_the_same_for_few_and_for_many(
    cohort, bens_membership, small, ada, shared, as_ben, django_assert_num_queries, count
):
    desk = cohort.memberships.get(user=ada)
    for number, membership in enumerate(make_sharers(cohort, small, count)):
        answer = membership.enrolment.answers.get()
        services.reply_to(membership=desk, answer=answer, text=f"Reply {number}", audience="cohort")
        services.reply_to(membership=desk, answer=shared, text=f"For you {number}", audience="author")
    as_ben.get(url("cohort_replies", cohort))

    # session, user, membership with cohort and course; picks; to me; how many to all, and these
    with django_assert_num_queries(7):
        assert "For you 2" in as_ben.get(url("cohort_replies", cohort)).text


def test_what_waits_is_said_in_one_line_for_each_cohort(cohort, bens_membership, small, ada, shared):
    desk = cohort.memberships.get(user=ada)
    for text in ("One.", "Two."):
        services.reply_to(membership=desk, answer=shared, text=text, audience="author")
    services.put_on_screen(membership=desk, answer=shared, version=shared.version)

    line = render_to_string("cohorts/_news.html", {"news": news_for([bens_membership])})

    assert "2 new replies" in line
    assert "<bdi>Ada</bdi>: may an answer of yours be shown?" in line
    assert url("cohort_replies", cohort) in line
    # What facilitators do is no news to themselves.
    assert news_for([desk]) == []
