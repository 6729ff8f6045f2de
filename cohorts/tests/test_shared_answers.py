"""What facilitators read: all shared answers to a question, and of private ones nothing but how many there are."""

import pytest
from django.utils import timezone

from cohorts import services
from cohorts.tests.sharing import QUESTION, make_sharers, share, url
from conftest import make_cohort, make_user, signed_in
from courses.models import Answer, Audience, Question


def test_every_question_says_how_many_answered_and_how_many_share(cohort, bens_membership, small, as_ada):
    share(bens_membership.enrolment, small, "Mine alone.", Audience.PRIVATE)
    share(bens_membership.enrolment, small, "For them.", Audience.FACILITATORS, place=1)
    make_sharers(cohort, small, 2)
    # Blank is no answer, and who has left is not counted.
    blank = services.join(user=make_user("blank@example.org"), cohort=cohort)
    share(blank.enrolment, small, " \n", Audience.COHORT)
    [gone] = make_sharers(cohort, small, 1)
    services.leave(membership=gone)

    response = as_ada.get(url("cohort_answers", cohort))

    rows = response.context["topics"][0]["prompts"][0]["rows"]
    assert [(row.answered, row.shared) for row in rows] == [(3, 2), (1, 1)]
    assert response.context["people"] == 4
    assert "Mine alone." not in response.text
    assert "answered by 3 of 4 people" in response.text


def test_counting_never_fetches_a_text(cohort, bens_membership, small, as_ada, django_assert_num_queries):
    share(bens_membership.enrolment, small, "Mine alone.", Audience.PRIVATE)
    as_ada.get(url("cohort_answers", cohort))

    with django_assert_num_queries(5) as queries:
        as_ada.get(url("cohort_answers", cohort))

    asked = [query["sql"] for query in queries if "courses_answer" in query["sql"]]
    assert len(asked) == 1
    assert '"courses_answer"."text"' not in asked[0].split("FROM")[0]


def test_shared_answers_stand_side_by_side_with_who_when_and_for_whom(cohort, bens_membership, small, ben, as_ada):
    ben.territory, ben.country = "Sfax", "TN"
    ben.save()
    share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)
    make_sharers(cohort, small, 1)

    text = as_ada.get(url("cohort_question", cohort, *QUESTION)).text

    for words in ("Our town grows.", "Ben", "Sfax", "Tunisia", "Shared with facilitators", "Shared with the cohort"):
        assert words in text


def test_an_answer_to_an_earlier_wording_says_which(cohort, bens_membership, small, as_ada):
    share(bens_membership.enrolment, small, "Our town grows.")
    question = Question.objects.get(pk=small.questions[0].pk)
    question.text = "What is new about 1?"
    question.revision += 1
    question.save()
    small.publish()

    assert "Answers an earlier wording: “What about 1?”" in as_ada.get(url("cohort_question", cohort, *QUESTION)).text


def test_answers_stand_by_name_or_newest_first(cohort, small, as_ada):
    first, second = make_sharers(cohort, small, 2)
    Answer.objects.filter(enrolment=second.enrolment).update(updated_at=timezone.now())
    Answer.objects.filter(enrolment=first.enrolment).update(updated_at=timezone.now() - timezone.timedelta(days=1))
    address = url("cohort_question", cohort, *QUESTION)

    def names(query):
        return [item.author.name for item in as_ada.get(address + query).context["items"]]

    by_name = [first.user.name, second.user.name]
    assert names("") == names("?order=name") == names("?order=nonsense") == by_name
    assert names("?order=newest") == by_name[::-1]


def test_a_question_leads_to_the_one_before_and_the_next(cohort, small, as_ada):
    first = as_ada.get(url("cohort_question", cohort, *QUESTION)).context
    second = as_ada.get(url("cohort_question", cohort, "challenges", "context", "question-2")).context

    assert (first["previous"], first["next"].text) == (None, "What about 2?")
    assert (second["previous"].text, second["next"]) == ("What about 1?", None)


@pytest.mark.parametrize(
    ("audience", "words"),
    [(None, "Nobody has answered this question yet."), (Audience.PRIVATE, "1 person has answered, and keeps")],
)
def test_where_nothing_is_shared_the_page_says_why(cohort, bens_membership, small, as_ada, audience, words):
    if audience:
        share(bens_membership.enrolment, small, "Mine alone.", audience)

    text = as_ada.get(url("cohort_question", cohort, *QUESTION)).text

    assert words in text
    assert "Mine alone." not in text


def test_a_question_that_the_course_does_not_ask_is_404(cohort, small, as_ada):
    for keys in (("gender", "context", "question-1"), ("challenges", "none", "question-1")):
        assert as_ada.get(url("cohort_question", cohort, *keys)).status_code == 404


def test_somebody_in_two_cohorts_is_shown_once_in_each_and_moving_ends_it(cohort, bens_membership, small, ben, cleo):
    other = make_cohort(small.course, cleo, name="Elsewhere")
    there = services.join(user=ben, cohort=other)
    share(bens_membership.enrolment, small, "Our town grows.")
    as_ada, as_cleo = signed_in(cohort.memberships.facilitators().get().user), signed_in(cleo)

    for client, where, membership in ((as_ada, cohort, bens_membership), (as_cleo, other, there)):
        [item] = client.get(url("cohort_question", where, *QUESTION)).context["items"]
        assert item.answer.member_id == membership.public_id

    services.leave(membership=bens_membership)
    assert as_ada.get(url("cohort_question", cohort, *QUESTION)).context["items"] == []
    assert len(as_cleo.get(url("cohort_question", other, *QUESTION)).context["items"]) == 1


def test_markup_in_an_answer_and_in_a_name_is_text_and_each_has_its_own_direction(cohort, small, as_ada):
    user = make_user("x@example.org", name="<b>Eve</b>")
    membership = services.join(user=user, cohort=cohort)
    share(membership.enrolment, small, "<script>alert(1)</script> ‏مرحبا")

    text = as_ada.get(url("cohort_question", cohort, *QUESTION)).text

    assert "<script>alert" not in text
    assert "<b>Eve" not in text
    assert '<blockquote class="written" dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; ‏مرحبا</blockquote>' in text


@pytest.mark.parametrize("people", [3, 40])
@pytest.mark.parametrize(
    ("name", "arguments", "queries"),
    [
        ("cohort_answers", (), 5),
        # session, user, membership with cohort and course; how many, the answers, replies, picks; how many answered
        ("cohort_question", QUESTION, 8),
        ("cohort_plenary", (), 6),
        ("cohort_screen", (), 4),
    ],
)
def test_pages_cost_the_same_for_few_and_for_many(
    cohort, small, ada, as_ada, django_assert_num_queries, people, name, arguments, queries
):
    desk = cohort.memberships.get(user=ada)
    for membership in make_sharers(cohort, small, people):
        answer = membership.enrolment.answers.get()
        services.reply_to(membership=desk, answer=answer, text="Thank you.", audience="author")
        services.mark_for_plenary(cohort=cohort, answer=answer, is_marked=True)
        services.put_on_screen(membership=desk, answer=answer, version=answer.version)
    as_ada.get(url(name, cohort, *arguments))

    with django_assert_num_queries(queries):
        assert as_ada.get(url(name, cohort, *arguments)).status_code == 200


def test_many_answers_come_in_pages_that_keep_their_order(cohort, small, as_ada):
    make_sharers(cohort, small, 26)
    address = url("cohort_question", cohort, *QUESTION)

    first, second = as_ada.get(address + "?order=newest"), as_ada.get(address + "?order=newest&page=2")

    names = [item.author.name for page in (first, second) for item in page.context["items"]]
    assert len(first.context["items"]) == 24
    assert len(set(names)) == 26
    assert "?order=newest&amp;page=2" in first.text


def test_the_plenary_list_has_what_is_marked_and_loses_what_is_taken_back(cohort, bens_membership, small, as_ada):
    answer = share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)
    make_sharers(cohort, small, 1)
    services.mark_for_plenary(cohort=cohort, answer=answer, is_marked=True)

    text = as_ada.get(url("cohort_plenary", cohort)).text
    assert "Our town grows." in text
    assert "Words of person" not in text

    share(bens_membership.enrolment, small, "Our town grows.", Audience.PRIVATE)
    assert "Our town grows." not in as_ada.get(url("cohort_plenary", cohort)).text
