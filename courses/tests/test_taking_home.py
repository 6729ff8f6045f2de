"""Everything a person wrote, taken home: as Markdown, HTML and DOCX, whole, and in no form that a text could break."""

import io
import re
import time
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from courses.models import Answer, Note, Question, Topic

FORMATS = ["markdown", "html", "docx"]


def download(client, kind):
    return client.get(reverse("answers_download", args=[kind]))


def words(response, kind):
    """Return the text of a download."""
    if kind == "docx":
        return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs)
    return response.content.decode()


@pytest.fixture
def written(small, enrolment):
    """Ben has answered both questions and left himself a note."""
    for number, question in enumerate(small.questions, start=1):
        Answer.objects.create(
            enrolment=enrolment, question=question, question_revision=1, version=1, text=f"Thought {number}"
        )
    Note.objects.create(enrolment=enrolment, topic=small.topics[0], version=1, text="Ask the mayor")
    return small


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_holds_questions_answers_notes_readers_and_dates_of_the_persons_zone(written, as_ben, ben, kind):
    Answer.objects.filter(text="Thought 2").update(audience="cohort", updated_at="2026-03-04T23:30:00Z")
    ben.time_zone = "Asia/Tokyo"
    ben.save()

    text = words(download(as_ben, kind), kind)

    for part in ("What about 1?", "Thought 1", "Notes to myself", "Ask the mayor", "Only me", "Asia/Tokyo"):
        assert part in text
    assert "5 March 2026, 08:30 · My facilitators and my cohort" in text


@pytest.mark.parametrize("kind", FORMATS)
def test_what_has_left_the_course_is_still_in_it(written, as_ben, kind):
    Question.objects.filter(pk=written.questions[1].pk).update(archived_at=timezone.now())
    Topic.objects.filter(pk=written.topics[1].pk).update(archived_at=timezone.now())
    written.publish()

    text = words(download(as_ben, kind), kind)

    assert text.index("Thought 1") < text.index("Questions that have left the course") < text.index("Thought 2")


@pytest.mark.parametrize("kind", FORMATS)
def test_an_earlier_wording_is_named(written, as_ben, kind):
    question = written.questions[0]
    question.text, question.revision = "What about one, really?", 2
    question.save()
    written.publish()

    text = words(download(as_ben, kind), kind)

    assert "What about one, really?" in text
    assert "Written under an earlier wording: “What about 1?”" in text
    assert text.count("earlier wording") == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_named_for_the_day_and_kept_by_no_cache(written, as_ben, kind):
    response = download(as_ben, kind)

    ending = {"markdown": "md"}.get(kind, kind)
    assert re.fullmatch(
        rf'attachment; filename="my-answers-\d{{4}}-\d\d-\d\d\.{ending}"', response["Content-Disposition"]
    )
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_another_format_is_404(written, as_ben):
    assert download(as_ben, "exe").status_code == 404


@pytest.mark.parametrize("kind", FORMATS)
def test_nobody_elses_words_are_in_it(written, as_cleo, kind):
    assert "Thought" not in words(download(as_cleo, kind), kind)


def test_markdown_keeps_a_text_byte_for_byte(written, as_ben):
    odd = "  مرحبا 👩‍👩‍👧 **x**\n\n\tend \x07"
    Answer.objects.filter(text="Thought 1").update(text=odd)

    assert odd.encode() in download(as_ben, "markdown").content


def test_html_runs_and_asks_for_nothing(written, as_ben, ben):
    Answer.objects.filter(text="Thought 1").update(text='</blockquote><script>alert(1)</script><img src="//x.org/">')

    page = download(as_ben, "html").content.decode()

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#x27;none&#x27;" in page
    assert "http:" not in page.replace("http-equiv", "")
    assert "https:" not in page


@pytest.mark.parametrize("kind", ["html", "docx"])
def test_control_characters_are_replaced_visibly(written, as_ben, kind):
    Answer.objects.filter(text="Thought 1").update(text="a\x07b\x1bc\ufffed\x7fe")

    assert "a␇b␛c\ufffdd␡e" in words(download(as_ben, kind), kind)


def test_docx_sets_arabic_from_right_to_left(written, as_ben):
    Answer.objects.filter(text="Thought 1").update(text="مرحبا")

    with ZipFile(io.BytesIO(download(as_ben, "docx").content)) as package:
        body = package.read("word/document.xml").decode()

    assert body.count("<w:bidi/>") == body.count("<w:rtl/>") == 1


@pytest.mark.parametrize("line", ["word " * 15 + "\n\n", "\n"])
@pytest.mark.parametrize("kind", FORMATS)
def test_forty_long_answers_stay_quick(written, enrolment, as_ben, kind, line):
    prompt = written.questions[0].prompt
    for number in range(40):
        question = Question.objects.create(prompt=prompt, key=f"more-{number}", text=f"And {number}?", position=9)
        text = "x" + line * (19_999 // len(line))
        Answer.objects.create(enrolment=enrolment, question=question, question_revision=1, version=1, text=text)
    written.publish()

    before = time.process_time()
    assert download(as_ben, kind).status_code == 200

    # Far more than it takes on a slow machine, and far less than what grows with the square of the lines.
    assert time.process_time() - before < 20


def test_the_page_shows_it_all_with_no_more_queries_for_more(
    small, enrolment, as_ben, request, django_assert_num_queries
):
    as_ben.get(reverse("my_answers"))  # the process reads the course once
    with django_assert_num_queries(7):
        as_ben.get(reverse("my_answers"))

    request.getfixturevalue("written")
    with django_assert_num_queries(7):
        page = as_ben.get(reverse("my_answers")).text

    for kind in FORMATS:
        assert reverse("answers_download", args=[kind]) in page
    assert reverse("answer_earlier", args=["core", "challenges", "context", "question-1"]) in page
