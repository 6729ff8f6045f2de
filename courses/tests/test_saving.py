"""No text that reached us is lost: versions, windows, retries, choices, ended sessions."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.person import person_token
from conftest import signed_in
from courses.models import Answer, EarlierText, Note
from courses.services import Draft, save_answer

KEYS = ["core", "challenges", "context", "question-1"]
SAVE = reverse("answer_save", args=KEYS)
EARLIER = reverse("answer_earlier", args=KEYS)
SECTION = "/courses/core/challenges/section-1/"
LAPTOP, PHONE = "a" * 32, "b" * 32
HTMX = {"HX-Request": "true"}


def send(client, text, version, **more):
    return client.post(SAVE, {"text": text, "version": version, **more}, headers=HTMX)


def earlier():
    return set(EarlierText.objects.values_list("text", flat=True))


def test_a_text_that_is_replaced_stays_among_the_earlier_ones(small, enrolment, as_ben):
    send(as_ben, "first thoughts", 0)
    send(as_ben, "second thoughts", 1)

    assert Answer.objects.get().text == "second thoughts"
    assert "first thoughts" in as_ben.get(EARLIER).text


def test_while_one_page_only_adds_words_no_copies_pile_up(small, enrolment, as_ben):
    for turn, text in enumerate(["we", "we grow", "Here we grow", "Here we grow fast."], start=1):
        send(as_ben, text, turn - 1, sitting=LAPTOP, turn=turn)

    assert Answer.objects.get().version == 4
    assert earlier() == set()


def test_what_one_page_deletes_is_kept(small, enrolment, as_ben):
    for turn, text in enumerate(["One two three", "One three", "One"], start=1):
        send(as_ben, text, turn - 1, sitting=LAPTOP, turn=turn)

    assert earlier() == {"One two three", "One three"}


def test_a_stale_text_is_refused_and_set_aside(small, enrolment, as_ben):
    send(as_ben, "from the phone", 0, sitting=PHONE, turn=1)

    response = send(as_ben, "from the laptop", 0, sitting=LAPTOP, turn=1)

    assert response.status_code == 409
    assert "from the phone" in response.text
    assert Answer.objects.get().text == "from the phone"
    assert earlier() == {"from the laptop"}


@pytest.mark.parametrize(
    ("choice", "stored", "kept"),
    [
        ("mine", "from the laptop", {"from the phone", "from the laptop"}),
        ("other", "from the phone", {"from the laptop"}),
        ("join", "from the phone\n\nfrom the laptop", {"from the phone", "from the laptop"}),
    ],
)
def test_after_a_conflict_the_author_chooses_and_loses_nothing(small, enrolment, as_ben, choice, stored, kept):
    send(as_ben, "from the phone", 0, sitting=PHONE, turn=1)
    send(as_ben, "from the laptop", 0, sitting=LAPTOP, turn=1)

    for _click in range(2):
        response = as_ben.post(SAVE, {"text": "from the laptop", "version": 1, "choice": choice})
        assert response.status_code == 302

    assert Answer.objects.get().text == stored
    assert earlier() == kept


def test_a_choice_brings_its_text_to_the_page(small, enrolment, as_ben):
    send(as_ben, "from the phone", 0, sitting=PHONE, turn=1)
    send(as_ben, "from the laptop", 0, sitting=LAPTOP, turn=1)

    response = send(as_ben, "from the laptop", 1, sitting=LAPTOP, turn=2, choice="join")

    assert "<template data-text>from the phone\n\nfrom the laptop</template>" in response.text


def test_after_a_lost_reply_the_same_page_goes_on(small, enrolment, as_ben):
    send(as_ben, "the reply to this", 0, sitting=LAPTOP, turn=1)

    response = send(as_ben, "the reply to this was lost", 0, sitting=LAPTOP, turn=2)

    assert response.status_code == 200
    assert Answer.objects.get().text == "the reply to this was lost"


def test_a_request_that_comes_late_does_not_undo_a_newer_one(small, enrolment, as_ben):
    send(as_ben, "new", 0, sitting=LAPTOP, turn=2)

    response = send(as_ben, "old, and different", 0, sitting=LAPTOP, turn=1)

    assert response.status_code == 200
    assert Answer.objects.get().text == "new"
    assert earlier() == {"old, and different"}


def test_a_late_request_does_not_undo_a_return_to_the_same_text(small, enrolment, as_ben):
    send(as_ben, "kept", 0, sitting=LAPTOP, turn=1)
    send(as_ben, "kept", 1, sitting=LAPTOP, turn=3)

    send(as_ben, "kept?", 1, sitting=LAPTOP, turn=2)

    assert Answer.objects.get().text == "kept"


def test_a_page_is_stale_once_another_one_has_saved_in_between(small, enrolment, as_ben):
    send(as_ben, "laptop", 0, sitting=LAPTOP, turn=1)
    send(as_ben, "phone", 1, sitting=PHONE, turn=1)

    assert send(as_ben, "laptop again", 1, sitting=LAPTOP, turn=2).status_code == 409


def test_an_earlier_text_is_put_back_and_can_be_undone(small, enrolment, as_ben):
    send(as_ben, "better before", 0)
    send(as_ben, "worse now", 1)

    as_ben.post(SAVE, {"text": "better before", "version": 2})

    assert Answer.objects.get().text == "better before"
    assert "worse now" in earlier()


def test_earlier_texts_are_their_authors_alone(small, enrolment, as_ben, as_cleo, as_dag):
    send(as_ben, "canary", 0)
    send(as_ben, "changed", 1)

    for stranger in (as_cleo, as_dag):
        assert stranger.get(EARLIER).status_code == 404
    assert (
        as_ben.get(reverse("answer_earlier", args=["core", "challenges", "context", "question-2"])).status_code == 404
    )


@pytest.mark.parametrize("field", ["sitting", "turn", "choice", "audience"])
def test_nonsense_in_a_field_loses_nothing(small, enrolment, as_ben, field):
    response = as_ben.post(SAVE, {"text": "an hour of work", "version": 0, field: "<nonsense>"})

    assert response.status_code == 422
    assert "an hour of work" in response.text


# --- Who may read it ----------------------------------------------------------------------------------------


def test_an_answer_is_private_until_its_author_shares_it(small, enrolment, as_ben):
    send(as_ben, "mine", 0)
    assert Answer.objects.get().audience == "private"

    send(as_ben, "mine", 1, audience="cohort", audience_was="private")
    assert Answer.objects.get().audience == "cohort"


def test_sharing_is_taken_back_even_when_the_text_is_refused(small, enrolment, as_ben):
    send(as_ben, "ours", 0, audience="cohort", audience_was="private")

    response = send(as_ben, "stale", 0, audience="private", audience_was="cohort", sitting=PHONE)

    assert response.status_code == 409
    assert Answer.objects.get().audience == "private"


def test_a_page_left_open_does_not_share_again_what_was_taken_back(small, enrolment, as_ben):
    send(as_ben, "ours", 0, audience="cohort", audience_was="private")
    send(as_ben, "ours", 1, audience="private", audience_was="cohort")

    send(as_ben, "ours, longer", 1, audience="cohort", audience_was="cohort")

    assert Answer.objects.get().audience == "private"


def test_who_may_read_it_is_chosen_before_a_word_is_written(small, enrolment, as_ben):
    send(as_ben, "", 0, audience="facilitators", audience_was="private")
    send(as_ben, "now the words", 0, audience="facilitators", audience_was="facilitators")

    answer = Answer.objects.get()
    assert (answer.audience, answer.text, answer.version) == ("facilitators", "now the words", 1)
    enrolment.refresh_from_db()
    assert enrolment.questions_answered == 1


def test_a_late_request_does_not_share_what_was_taken_back_since(small, enrolment, as_ben):
    send(as_ben, "ours", 0, audience="private", audience_was="cohort", sitting=LAPTOP, turn=2)

    send(as_ben, "our", 0, audience="cohort", audience_was="private", sitting=LAPTOP, turn=1)

    assert Answer.objects.get().audience == "private"


def test_a_form_that_lost_its_text_on_the_way_saves_nothing(small, enrolment, as_ben):
    send(as_ben, "an hour of work", 0)

    assert as_ben.post(SAVE, {"version": 1}).status_code == 422
    assert Answer.objects.get().text == "an hour of work"


# --- Notes --------------------------------------------------------------------------------------------------


def test_a_note_to_oneself_is_kept_like_an_answer_and_shared_with_nobody(small, enrolment, as_ben, as_cleo):
    save, past = reverse("note_save", args=["core", "challenges"]), reverse("note_earlier", args=["core", "challenges"])
    as_ben.post(save, {"text": "ask the mayor", "version": 0, "audience": "cohort"})
    as_ben.post(save, {"text": "ask her again", "version": 1})

    assert Note.objects.get().text == "ask her again"
    assert "ask the mayor" in as_ben.get(past).text
    assert "ask her again" in as_ben.get("/courses/core/challenges/").text
    assert "ask her again" in as_ben.get(reverse("my_answers")).text
    assert as_cleo.get(past).status_code == 404


# --- Sessions and tokens that end ---------------------------------------------------------------------------


def test_a_script_is_told_that_the_session_has_ended(small):
    assert send(Client(), "unsaved", 0).status_code == 401


def test_a_form_sent_after_the_session_ended_is_given_back_to_be_sent_again(small, enrolment, as_ben, ben):
    data = {"text": "an hour of work", "version": 0, "author": person_token(ben), "audience": "cohort"}

    page = Client().post(SAVE, data)

    assert page.status_code == 401
    for sent in ("an hour of work", person_token(ben), 'value="cohort"', f'action="{SAVE}"'):
        assert sent in page.text
    assert as_ben.post(SAVE, data).status_code == 302
    assert Answer.objects.get().text == "an hour of work"


def test_a_form_with_an_old_token_is_given_back_with_a_new_one(small, enrolment, ben):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(ben).cookies
    data = {"text": "an hour of work", "version": 0, "csrfmiddlewaretoken": "old"}

    page = strict.post(SAVE, data)
    token = page.context["csrf_token"]

    assert page.status_code == 403
    assert "an hour of work" in page.text
    assert strict.post(SAVE, data | {"csrfmiddlewaretoken": str(token)}).status_code == 302


def test_a_form_of_another_site_is_not_given_back_to_be_sent_again(small, enrolment, ben):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(ben).cookies

    page = strict.post(SAVE, {"text": "not Ben's", "version": 0}, headers={"origin": "https://elsewhere.example"})

    assert page.status_code == 403
    assert "Send again" not in page.text


def test_a_password_is_never_given_back(db):
    strict = Client(enforce_csrf_checks=True)

    page = strict.post(reverse("account_login"), {"login": "ben@example.org", "password": "correct horse"})

    assert page.status_code == 403
    assert "correct horse" not in page.text


def test_what_one_person_wrote_is_never_saved_as_anothers(small, ben, as_cleo):
    response = as_cleo.post(SAVE, {"text": "Ben's words", "version": 0, "author": person_token(ben)})

    assert response.status_code == 403
    assert not Answer.objects.exists()


def test_a_page_learns_who_is_signed_in_now(small, ben, as_ben):
    assert as_ben.get(reverse("whoami")).json()["person"] == person_token(ben)
    assert Client().get(reverse("whoami")).json()["person"] == ""


# --- Cost ---------------------------------------------------------------------------------------------------


def test_saving_costs_the_same_however_much_was_written_before(small, enrolment, django_assert_num_queries):
    def save(text, version):
        save_answer(
            enrolment=enrolment,
            topic_id=small.topics[0].pk,
            section_id=small.sections[0].pk,
            question_id=small.questions[0].pk,
            revision=1,
            draft=Draft(text=text, version=version),
        )

    for version in range(5):
        save(f"text {version}", version)

    with django_assert_num_queries(8):
        save("one more", 5)
