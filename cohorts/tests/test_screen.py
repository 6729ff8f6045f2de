"""What a room sees: only what was chosen, only the text that was read, and with a name only by its author's word."""

import pytest
from django.utils import timezone

from cohorts import services
from cohorts.models import Pick
from cohorts.sharing import news_for
from cohorts.tests.sharing import QUESTION, make_sharers, pick, share, url
from courses.models import Audience


def on_screen(client, cohort, query=""):
    return [slide["text"] for slide in client.get(url("cohort_screen", cohort) + query).context["slides"]]


def say(client, cohort, consent, version=None):
    """Let the author of the only pick say something to it."""
    row = Pick.objects.select_related("answer").get()
    version = row.answer.version if version is None else version
    return client.post(url("cohort_consent", cohort, row.public_id), {"consent": consent, "version": version})


def test_what_is_shared_with_the_cohort_is_shown_without_name(cohort, bens_membership, small, as_ada, as_ben):
    share(bens_membership.enrolment, small, "Our town grows.")

    response = pick(as_ada, cohort, bens_membership, "show")

    assert response.status_code == 302
    text = as_ada.get(url("cohort_screen", cohort)).text
    assert "Our town grows." in text
    assert "What about 1?" in text
    assert "Ben" not in text
    assert "without your name" in as_ben.get(url("cohort_replies", cohort)).text


def test_what_is_shared_with_facilitators_only_waits_for_its_author(cohort, bens_membership, small, as_ada, as_ben):
    share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)
    pick(as_ada, cohort, bens_membership, "show")

    assert on_screen(as_ada, cohort) == []
    [news] = news_for([bens_membership])
    assert (news.requests, news.asked_by) == (1, ["Ada"])
    assert "<bdi>Ada</bdi> asks to show this answer" in as_ben.get(url("cohort_replies", cohort)).text

    say(as_ben, cohort, "unnamed")
    assert on_screen(as_ada, cohort) == ["Our town grows."]
    assert "Ben" not in as_ada.get(url("cohort_screen", cohort)).text
    assert news_for([bens_membership]) == []


def test_a_name_is_shown_once_its_author_agrees_and_not_a_moment_longer(cohort, bens_membership, small, as_ada, as_ben):
    share(bens_membership.enrolment, small, "Our town grows.")
    pick(as_ada, cohort, bens_membership, "ask-for-name")
    assert "Ben" not in as_ada.get(url("cohort_screen", cohort)).text

    say(as_ben, cohort, "given")
    assert "Ben" in as_ada.get(url("cohort_screen", cohort)).text
    say(as_ben, cohort, "unnamed")
    assert "Ben" not in as_ada.get(url("cohort_screen", cohort)).text
    assert on_screen(as_ada, cohort) == ["Our town grows."]


@pytest.mark.parametrize("audience", [Audience.FACILITATORS, Audience.COHORT])
def test_refusing_takes_it_off_for_good(cohort, bens_membership, small, as_ada, as_ben, audience):
    share(bens_membership.enrolment, small, "Our town grows.", audience)
    pick(as_ada, cohort, bens_membership, "show")
    say(as_ben, cohort, "given")
    assert on_screen(as_ada, cohort) == ["Our town grows."]

    say(as_ben, cohort, "refused")
    assert on_screen(as_ada, cohort) == []
    for action in ("show", "ask-for-name"):
        pick(as_ada, cohort, bens_membership, action)
        assert on_screen(as_ada, cohort) == []
    assert "does not want this answer to be shown" in as_ada.get(url("cohort_question", cohort, *QUESTION)).text

    # The author's own change of mind lets facilitators choose it again, and shows nothing by itself.
    say(as_ben, cohort, "unnamed")
    assert on_screen(as_ada, cohort) == []
    pick(as_ada, cohort, bens_membership, "show")
    assert on_screen(as_ada, cohort) == ["Our town grows."]


def test_taking_back_and_leaving_clear_the_screen_at_once(cohort, bens_membership, small, as_ada):
    share(bens_membership.enrolment, small, "Our town grows.")
    pick(as_ada, cohort, bens_membership, "show")

    share(bens_membership.enrolment, small, "Our town grows.", Audience.PRIVATE)
    assert on_screen(as_ada, cohort) == []
    # Narrower than it was shown under: its author has to be asked.
    share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)
    assert on_screen(as_ada, cohort) == []
    share(bens_membership.enrolment, small, "Our town grows.", Audience.COHORT)
    assert on_screen(as_ada, cohort) == ["Our town grows."]
    services.leave(membership=bens_membership)
    assert on_screen(as_ada, cohort) == []


def test_another_text_than_the_chosen_is_not_shown_until_it_is_chosen_anew(
    cohort, bens_membership, small, as_ada, as_ben
):
    answer = share(bens_membership.enrolment, small, "Our town grows.")
    pick(as_ada, cohort, bens_membership, "ask-for-name")
    say(as_ben, cohort, "given")
    share(bens_membership.enrolment, small, "Our mayor is a fool.")

    assert on_screen(as_ada, cohort) == []
    assert "Changed since you chose it" in as_ada.get(url("cohort_question", cohort, *QUESTION)).text
    # A page that was opened before the change does not choose the text that its reader has not seen.
    pick(as_ada, cohort, bens_membership, "show", version=answer.version)
    assert on_screen(as_ada, cohort) == []

    pick(as_ada, cohort, bens_membership, "show")
    assert on_screen(as_ada, cohort) == ["Our mayor is a fool."]
    # The name was agreed to under other words.
    assert "Ben" not in as_ada.get(url("cohort_screen", cohort)).text


def test_nobody_agrees_to_a_text_that_was_not_chosen(cohort, bens_membership, small, as_ada, as_ben):
    answer = share(bens_membership.enrolment, small, "Our town grows.", Audience.FACILITATORS)
    pick(as_ada, cohort, bens_membership, "show")
    share(bens_membership.enrolment, small, "Our mayor is a fool.", Audience.FACILITATORS)

    say(as_ben, cohort, "given", version=answer.version)
    say(as_ben, cohort, "given")

    assert Pick.objects.get().consent == Pick.Consent.ASKED
    assert news_for([bens_membership]) == []
    assert "You have changed this answer" in as_ben.get(url("cohort_replies", cohort)).text


def test_only_the_author_has_a_say(cohort, bens_membership, small, as_ada, as_cleo, cleo):
    share(bens_membership.enrolment, small, "Our town grows.")
    pick(as_ada, cohort, bens_membership, "show")
    services.join(user=cleo, cohort=cohort)

    for client in (as_ada, as_cleo):
        assert say(client, cohort, "given").status_code == 404
    assert Pick.objects.get().consent == Pick.Consent.NOT_ASKED


def test_answers_are_shown_one_by_one_or_all_on_one_page(cohort, small, as_ada):
    first, second = make_sharers(cohort, small, 2)
    for membership in (second, first, first):
        pick(as_ada, cohort, membership, "show")
    texts = [membership.enrolment.answers.get().text for membership in (second, first)]

    context = as_ada.get(url("cohort_screen", cohort)).context
    assert ([slide["text"] for slide in context["slides"]], context["total"]) == (texts[:1], 2)
    assert on_screen(as_ada, cohort, f"?answer={context['next']}") == texts[1:]
    assert on_screen(as_ada, cohort, "?answer=gone") == texts[:1]
    assert on_screen(as_ada, cohort, "?all") == texts

    pick(as_ada, cohort, second, "hide")
    assert on_screen(as_ada, cohort) == texts[1:]


def test_in_an_archived_cohort_an_author_can_still_refuse_but_nothing_else_changes(
    cohort, bens_membership, small, as_ada, as_ben
):
    share(bens_membership.enrolment, small, "Our town grows.")
    pick(as_ada, cohort, bens_membership, "show")
    cohort.archived_at = timezone.now()
    cohort.save()

    assert pick(as_ada, cohort, bens_membership, "hide").status_code == 403
    assert say(as_ben, cohort, "given").status_code == 403
    assert on_screen(as_ada, cohort) == ["Our town grows."]
    assert say(as_ben, cohort, "refused").status_code == 302
    assert on_screen(as_ada, cohort) == []


@pytest.mark.parametrize("data", [{"action": "publish", "version": 1}, {"action": "show"}, {}])
def test_nonsense_chooses_nothing(cohort, bens_membership, small, as_ada, data):
    share(bens_membership.enrolment, small, "Our town grows.")

    response = as_ada.post(url("cohort_pick", cohort, *QUESTION, bens_membership.public_id), data)

    assert response.status_code == 404
    assert not Pick.objects.exists()


@pytest.mark.browser
def test_keys_turn_the_screen_and_what_is_refused_goes_from_the_wall(visit, cohort, small, ada):
    desk = cohort.memberships.get(user=ada)
    for membership in make_sharers(cohort, small, 2):
        answer = membership.enrolment.answers.get()
        services.put_on_screen(membership=desk, answer=answer, version=answer.version)
    first, second = [row.answer.text for row in Pick.objects.select_related("answer")]
    visitor = visit(ada)
    page = visitor.open(url("cohort_screen", cohort))
    assert first in page.text_content("main")

    page.keyboard.press("ArrowRight")
    page.wait_for_function("words => document.querySelector('main').textContent.includes(words)", arg=second)
    services.decide_on_showing(pick=Pick.objects.last(), consent="refused", version=1)
    page.wait_for_function("words => !document.querySelector('main').textContent.includes(words)", arg=second)
    assert first in page.text_content("main")

    # Once she is no facilitator any more, nothing stays.
    desk.delete()
    page.wait_for_function("words => !document.querySelector('main').textContent.includes(words)", arg=first)
