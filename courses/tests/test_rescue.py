"""A rescue file comes in: checked word by word, overwriting nothing, by its author or for them by who may do so."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.person import person_token
from conftest import make_course, make_user, signed_in
from courses.models import Answer, EarlierText, Note, Question, RescueFile

ANSWER = reverse("answer_save", args=["core", "challenges", "context", "question-1"])
EARLIER = reverse("answer_earlier", args=["core", "challenges", "context", "question-1"])
NOTE = reverse("note_save", args=["core", "challenges"])
RESCUE = reverse("rescue")
CODE = "K7QF-2M9P"


def a_text(text="from the file", address=ANSWER, **more):
    lines = text.split("\n") if isinstance(text, str) else text
    return {"address": address, "question": "Q?", "text": lines, "version": 0, "sitting": "c" * 32, "turn": 5, **more}


def content(author, *texts, **more):
    about = {"format": "jmdi-rescue-file", "version": 1, "site": "http://testserver", "receipt": CODE}
    return {**about, "person": person_token(author), "texts": list(texts) or [a_text()], **more}


def send(client, data, **more):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(RESCUE, {"file": SimpleUploadedFile("rescue.json", raw), **more}, follow=True)


def earlier():
    return set(EarlierText.objects.values_list("text", flat=True))


def test_texts_that_follow_are_saved_byte_for_byte(small, enrolment, as_ben, ben):
    odd = "  مرحبا 👩‍👩‍👧\n\n\t<b>&amp;</b> " + "x" * 19_000

    page = send(as_ben, content(ben, a_text(odd), a_text("ask her", NOTE)))

    assert Answer.objects.get().text == odd
    assert Note.objects.get().text == "ask her"
    assert page.redirect_chain[-1][0] == reverse("my_answers")
    assert f"Rescue file <strong>{CODE}</strong> arrived on" in page.text
    assert "2 saved, 0 set aside" in page.text
    enrolment.refresh_from_db()
    assert enrolment.questions_answered == 1


def test_what_does_not_follow_is_set_aside_and_linked(small, enrolment, as_ben, ben):
    as_ben.post(ANSWER, {"text": "newer, from the phone", "version": 0, "sitting": "d" * 32, "turn": 1})

    page = send(as_ben, content(ben, a_text(), a_text("ask her", NOTE)))

    assert Answer.objects.get().text == "newer, from the phone"
    assert earlier() == {"from the file"}
    assert "1 saved, 1 set aside" in page.text
    notice = page.text[page.text.index("arrived on") : page.text.index("answers-topic")]
    assert EARLIER in notice
    assert "from the file" in as_ben.get(EARLIER).text


def test_the_same_file_twice_changes_nothing_and_gives_the_same_receipt(small, enrolment, as_ben, ben):
    send(as_ben, content(ben))
    before = list(Answer.objects.values()), list(RescueFile.objects.values())

    page = send(as_ben, content(ben))

    assert (list(Answer.objects.values()), list(RescueFile.objects.values())) == before
    assert earlier() == set()
    assert CODE in page.text


def test_a_file_whose_text_had_arrived_after_all_is_no_conflict(small, enrolment, as_ben, ben):
    as_ben.post(ANSWER, {"text": "the reply to this was lost", "version": 0, "sitting": "c" * 32, "turn": 4})

    send(as_ben, content(ben, a_text("the reply to this was lost, and more")))

    assert Answer.objects.get().text == "the reply to this was lost, and more"
    assert RescueFile.objects.get().texts_set_aside == 0


def test_a_text_under_a_question_that_has_left_the_course_is_kept(small, enrolment, as_ben, ben):
    Question.objects.filter(key="question-1").update(archived_at=timezone.now())
    small.publish()

    page = send(as_ben, content(ben))

    assert Answer.objects.get().text == "from the file"
    assert "Questions that have left the course" in page.text


def test_texts_of_two_courses_each_get_a_receipt(small, enrolment, as_ben, ben):
    make_course("other")
    there = reverse("answer_save", args=["other", "challenges", "context", "question-1"])

    send(as_ben, content(ben, a_text(), a_text("in the other", there)))

    assert set(RescueFile.objects.values_list("enrolment__course__key", "code")) == {("core", CODE), ("other", CODE)}
    assert set(Answer.objects.values_list("text", flat=True)) == {"from the file", "in the other"}


def test_half_an_emoji_becomes_what_a_browser_would_send(small, enrolment, as_ben, ben):
    send(as_ben, content(ben, a_text("cut \ud83d")))

    assert Answer.objects.get().text == "cut \ufffd"


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": "other"}, "not a rescue file"),
        ({"version": 2}, "of another version"),
        ({"person": None}, "incomplete or was changed"),
        ({"person": "0" * 20}, "not written by you"),
        ({"receipt": "<b>hello</b>"}, "incomplete or was changed"),
        ({"texts": []}, "incomplete or was changed"),
        ({"texts": [a_text()] * 201}, "incomplete or was changed"),
        ({"texts": ["text"]}, "incomplete or was changed"),
        ({"texts": [a_text([1])]}, "incomplete or was changed"),
        ({"texts": [a_text(version=-1)]}, "incomplete or was changed"),
        ({"texts": [a_text(sitting="<x>")]}, "incomplete or was changed"),
        ({"texts": [a_text(), a_text("nul \x00")]}, "Text 2 of the file"),
        ({"texts": [a_text("x" * 20_001)]}, "20001 characters long"),
        ({"texts": [a_text(), a_text(address="/admin/")]}, "not on this site"),
        ({"texts": [a_text(address=["/"])]}, "not on this site"),
        ({"texts": [a_text(address="https://x.org" + ANSWER)]}, "not on this site"),
        ({"texts": [a_text(), a_text(address=ANSWER.replace("-1", "-9"))]}, "not on this site"),
        ({"texts": [a_text(address=NOTE.replace("core", "none"))]}, "not on this site"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_in_plain_words(small, enrolment, as_ben, ben, change, reason):
    response = send(as_ben, content(ben, **change))

    assert response.status_code == 422
    assert reason in response.text
    assert "<b>hello" not in response.text
    assert not Answer.objects.exists()
    assert not RescueFile.objects.exists()


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"<html>", b"[" * 100_000, b'"text"', b"null", b"9" * 5000])
def test_what_is_no_rescue_file_at_all_is_refused(small, as_ben, raw):
    response = send(as_ben, raw)

    assert response.status_code == 422
    assert "not a rescue file" in response.text


@pytest.mark.parametrize(("raw", "reason"), [(b"", "is empty"), (b" " * 5_000_001, "too large")])
def test_nothing_and_too_much_are_refused(small, as_ben, raw, reason):
    response = send(as_ben, raw)

    assert response.status_code == 422
    assert reason in response.text


# --- On somebody's behalf -----------------------------------------------------------------------------------


@pytest.fixture
def as_helper(db):
    """Somebody on the staff who may add rescue files, and nothing else."""
    helper = make_user("helper@example.org", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="add_rescuefile"))
    return signed_in(helper)


def test_a_helper_sends_it_in_and_sees_how_many_but_not_what(small, enrolment, as_helper, as_ben, ben):
    page = send(as_helper, content(ben), email="Ben@Example.org")

    assert Answer.objects.get().enrolment.user == ben
    assert f"Rescue file {CODE} has arrived, with 1 text." in page.text
    assert "from the file" not in page.text
    assert "Sent in for you by Helper." in as_ben.get(reverse("my_answers")).text


def test_a_file_of_another_and_an_unknown_address_get_the_same_answer(small, ben, cleo, as_helper):
    answers = {
        email: send(as_helper, content(ben), email=email) for email in ("cleo@example.org", "nobody@example.org")
    }

    for email, response in answers.items():
        assert response.status_code == 422
        assert "This rescue file was not written by this person." in response.text, email
    assert not Answer.objects.exists()


@pytest.mark.parametrize("is_staff", [False, True])
def test_without_the_right_one_sends_in_only_ones_own(small, ben, is_staff):
    client = signed_in(make_user("plain@example.org", is_staff=is_staff))

    response = send(client, content(ben), email="ben@example.org")

    assert response.status_code == 422
    assert "E-mail address of the author" not in response.text
    assert not Answer.objects.exists()


def test_another_persons_receipts_are_not_shown(small, enrolment, as_ben, as_cleo, ben):
    send(as_ben, content(ben))

    assert CODE not in as_cleo.get(reverse("my_answers")).text


# --- In the browser -----------------------------------------------------------------------------------------

LONG = ("  Zażółć 👩‍👩‍👧 مرحبا\n\n\t<b>&\u2028 " * 800)[:19_990] + "the end."


def own_the_clock(page):
    """Let minutes pass when the test says so, and have the page note that what helps has arrived."""
    page.clock.install()
    page.add_init_script(
        """document.addEventListener("load", ({ target }) => {
            if (/rescue/.test(target.src)) document.documentElement.dataset.helped = "";
        }, true)"""
    )


def wait_until_it_fails(page):
    """Let the first save fail, and what helps then arrive: that takes real time, the minutes after it do not."""
    page.clock.run_for(2_000)
    page.get_by_text("Not saved, kept on this device").first.wait_for()
    page.wait_for_selector("html[data-helped]")


@pytest.mark.browser
@pytest.mark.parametrize("fault", ["503", "abort"])
def test_after_ten_minutes_of_failing_a_file_is_taken_and_sent_in(visit, small, enrolment, ben, tmp_path, fault):
    visitor = visit(ben)
    page = visitor.page
    own_the_clock(page)
    page.route(
        "**" + ANSWER, lambda route: route.fulfill(status=503) if fault == "503" else route.abort("connectionfailed")
    )
    visitor.open("/courses/core/challenges/section-1/")
    page.get_by_label("What about 1?").fill(LONG)
    wait_until_it_fails(page)

    page.clock.run_for(9 * 60_000)
    assert page.locator(".rescue").count() == 0
    page.clock.run_for(61_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what you wrote as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    code = page.locator("[data-rescue-code]").inner_text()

    assert file.name == f"rescue-{code}.json"
    assert [text["question"] for text in json.loads(Path(file).read_text())["texts"]] == ["What about 1?"]
    assert not Answer.objects.exists()

    elsewhere = visit(ben).open(RESCUE)
    elsewhere.get_by_label("Rescue file").set_input_files(file)
    elsewhere.get_by_role("button", name="Send in").click()
    elsewhere.get_by_text(f"Rescue file {code} arrived on").wait_for()
    assert Answer.objects.get().text == LONG
    visitor.complaints[:] = [said for said in visitor.complaints if "net::ERR_CONNECTION_FAILED" not in said]


@pytest.mark.browser
def test_once_saving_works_again_the_offer_goes_and_nothing_is_in_conflict(visit, small, enrolment, ben, tmp_path):
    visitor = visit(ben)
    page = visitor.page
    own_the_clock(page)
    page.route("**" + ANSWER, lambda route: route.fulfill(status=503))
    visitor.open("/courses/core/challenges/section-1/")
    box = page.get_by_label("What about 1?")
    box.fill("before the file")
    wait_until_it_fails(page)
    page.clock.run_for(10 * 60_000 + 5_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what you wrote as a file").click()
    download.value.save_as(tmp_path / "file.json")
    assert send(signed_in(ben), (tmp_path / "file.json").read_bytes()).status_code == 200

    page.unroute("**" + ANSWER)
    box.fill("before the file, and after it")
    page.clock.run_for(6_000)
    page.locator(".is-saved").first.wait_for()

    assert page.locator(".rescue").count() == 0
    assert Answer.objects.get().text == "before the file, and after it"
