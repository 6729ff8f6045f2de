"""An editor changes the course: what is written is read, and what would break something is not made."""

import pytest
from django.urls import reverse

from courses.models import (
    CaseStudy,
    Course,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from courses.tests.admin_forms import add, edit, inline_row, opened, url_of


def errors(response):
    """Return what the form says is wrong, as one text."""
    assert response.status_code == 200, "it was saved"
    return str(response.context["errors"])


# --- What is written is read --------------------------------------------------------------------------------


def test_an_editors_word_is_seen_by_the_reader(small, as_dag, as_ben):
    section = small.sections[1]

    response = edit(as_dag, section, body="Towns know **best**.")

    assert response.status_code == 302
    assert "Towns know <strong>best</strong>." in as_ben.get(section.get_absolute_url()).text


@pytest.mark.parametrize(
    ("model", "field", "page"),
    [
        (Course, "summary", ("course", "core")),
        (RelatedModule, "title", ("section", "core", "challenges", "section-1")),
        (Topic, "title", ("topic", "core", "challenges")),
        (Section, "title", ("section", "core", "challenges", "section-1")),
        (LearningObjective, "text", ("topic", "core", "challenges")),
        (KeyPoint, "text", ("topic", "core", "challenges")),
        (ReflectionPrompt, "title", ("section", "core", "challenges", "section-1")),
        (Question, "hint", ("section", "core", "challenges", "section-1")),
        (Figure, "caption", ("section", "core", "challenges", "section-1")),
        (GlossaryTerm, "body", ("glossary", "core")),
        (Reference, "title", ("references", "core")),
    ],
)
def test_every_kind_of_content_is_edited_and_read(small, as_dag, as_ben, model, field, page):
    row = model.objects.order_by("pk").first()

    response = edit(as_dag, row, **{field: "Wholly new words"})

    assert response.status_code == 302
    assert "Wholly new words" in as_ben.get(reverse(page[0], args=page[1:])).text


def test_saving_what_nobody_changed_changes_nothing(small, as_dag):
    version = small.course.version

    for row in [small.course, *small.topics, *small.sections, *small.questions, ReflectionPrompt.objects.get()]:
        assert edit(as_dag, row).status_code == 302

    small.course.refresh_from_db()
    assert small.course.version == version
    assert [question.revision for question in Question.objects.all()] == [1, 1]


def test_new_things_go_to_the_end_and_are_read(small, as_dag, as_ben):
    assert add(as_dag, Topic, key="new", title="A new topic", short_title="New", body="").status_code == 302
    topic = Topic.objects.get(key="new")
    assert add(as_dag, Section, topic=topic.pk, key="first", title="First", body="Words.").status_code == 302

    assert topic.position == 3
    assert topic.course == small.course
    assert "Words." in as_ben.get(reverse("section", args=["core", "new", "first"])).text


def test_an_inline_row_is_added_at_the_end_of_its_siblings(small, as_dag):
    edit(as_dag, small.topics[0], **inline_row("objectives", 1, key="second", text="compare"))

    objective = LearningObjective.objects.get(key="second")
    assert (objective.course, objective.topic, objective.position) == (small.course, small.topics[0], 1)
    small.course.refresh_from_db()
    assert "compare" in str(small.course.published)


def test_a_term_is_filed_under_topics_of_its_course_only(small, as_dag):
    other = Course.objects.create(key="other", title="Other", short_title="Other")
    foreign = Topic.objects.create(course=other, key="far", title="Far", short_title="Far")
    fields = {"course": small.course.pk, "key": "host", "term": "Host", "body": "Who receives."}

    assert "belong to another course" in errors(add(as_dag, GlossaryTerm, topics=[foreign.pk], **fields))
    assert add(as_dag, GlossaryTerm, topics=[small.topics[1].pk], **fields).status_code == 302
    assert list(GlossaryTerm.objects.get(key="host").topics.all()) == [small.topics[1]]


# --- What would break something is not made -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Good.\n\n:::nothing here", "Line 3: "),
        ("Good.\n\n\n:::figure missing", "Line 4: There is no figure “missing” in this course."),
        (":::see-also topics/nowhere\nx\n:::", "Line 1: There is no related module, topic or section"),
        ("A\n\n[[unknown]] word", "Line 3: There is no glossary term “unknown” in this course."),
        (":::reflection context", "Line 1: The point for reflection “context” is placed in Section “Section 1 of"),
        ("# Too high", "Line 1: "),
    ],
)
def test_a_text_that_does_not_hold_is_refused_with_its_line(small, as_dag, as_ben, body, words):
    section = small.sections[1]

    response = edit(as_dag, section, body=body)

    assert words in errors(response)
    assert response.context["adminform"].form["body"].value().replace("\r\n", "\n") == body
    assert "Reading about challenges." in as_ben.get(section.get_absolute_url()).text
    assert section.history.count() == 1


def test_credits_and_introductions_are_held_to_their_own_rules(small, as_dag):
    assert "cannot stand in this text" in errors(edit(as_dag, small.course, credits=":::figure cycle"))
    assert "cannot stand in this text" in errors(edit(as_dag, small.topics[0], body=":::reflection context"))


@pytest.mark.parametrize("field", ["credits", "body"])
def test_a_refusal_stands_at_its_field(small, as_dag, field):
    response = edit(as_dag, small.course, **{field: "[[unknown]]"})

    assert list(response.context["adminform"].form.errors) == [field]


def test_a_key_stays(small, as_dag):
    section = small.sections[1]

    edit(as_dag, section, key="renamed", topic=small.topics[1].pk)

    section.refresh_from_db()
    assert (section.key, section.topic) == ("section-2", small.topics[0])


def test_keys_are_unique_and_well_formed(small, as_dag):
    topic = small.topics[0]
    new = {"topic": topic.pk, "title": "x", "body": ""}
    assert "already exists" in errors(add(as_dag, Section, key="section-1", **new))
    assert "lower-case" in errors(add(as_dag, Section, key="Not Good", **new))
    assert "has this key" in errors(edit(as_dag, topic, **inline_row("objectives", 1, key="gender-1", text="x")))
    assert "“topics” cannot be" in errors(
        edit(as_dag, small.course, **inline_row("related_modules", 1, key="topics", title="x"))
    )
    assert "address of another page" in errors(add(as_dag, Section, key="print", **new))
    assert "address of another page" in errors(add(as_dag, Topic, key="search", title="x", short_title="x", body=""))


def test_a_drawing_with_a_script_is_refused(small, as_dag):
    figure = Figure.objects.get()

    assert "&lt;script&gt; is not allowed" in errors(
        edit(as_dag, figure, svg='<svg viewBox="0 0 340 40"><script/></svg>')
    )


def test_a_related_module_in_use_cannot_be_ticked_away(small, as_dag):
    response = edit(as_dag, small.course, **{"related_modules-0-DELETE": "on"})

    assert "Section “Section 1 of challenges”: Line 7: There is no related module" in errors(response)
    assert RelatedModule.objects.count() == 1


def test_an_old_flaw_elsewhere_does_not_stop_an_editor(small, as_dag):
    GlossaryTerm.objects.all().delete()  # not by the admin: the first section marks the term

    assert edit(as_dag, small.sections[1], title="Better").status_code == 302
    assert "no glossary term “diaspora”" in errors(edit(as_dag, small.sections[0], title="Better"))


def test_a_prompt_is_written_first_and_placed_afterwards(small, as_dag, as_ben):
    topic = small.topics[1]
    question = inline_row("questions", 0, key="one", text="What of it?")

    response = add(as_dag, ReflectionPrompt, topic=topic.pk, key="mine", title="Mine", body="", **question)
    page = as_dag.get(response.url).text
    assert "is in no section, so readers do not see it. Place it with “:::reflection mine”" in page

    response = edit(as_dag, small.sections[2], body=":::reflection mine")
    assert "is in no section" not in as_dag.get(response.url).text
    assert "What of it?" in as_ben.get(small.sections[2].get_absolute_url()).text


def test_all_of_a_page_is_saved_or_nothing(small, as_dag):
    prompt = ReflectionPrompt.objects.get()

    response = edit(as_dag, prompt, body="[[unknown]]", **{"questions-0-text": "Changed?"})

    assert "no glossary term" in errors(response)
    assert Question.objects.filter(text="Changed?").count() == 0


# --- Two editors --------------------------------------------------------------------------------------------


def test_a_stale_save_is_refused_and_both_texts_stay(small, as_dag):
    section = small.sections[1]
    mine = opened(as_dag, section)
    edit(as_dag, section, body="Theirs, first line.\n\nSecond.")

    response = as_dag.post(url_of(section), {**mine, "body": "Mine.", "_save": "x"})

    page = response.text
    assert "Not saved: Dag saved this" in page
    assert "Stored now:\nTheirs, first line.\n\nSecond." in page
    assert response.context["adminform"].form["body"].value() == "Mine."
    section.refresh_from_db()
    assert section.body == "Theirs, first line.\n\nSecond."


def test_after_a_stale_save_the_next_one_is_made_knowingly(small, as_dag):
    section = small.sections[1]
    mine = opened(as_dag, section)
    edit(as_dag, section, body="Theirs.")
    refused = as_dag.post(url_of(section), {**mine, "body": "Mine.", "_save": "x"})

    seen = refused.context["adminform"].form["seen"].value()
    response = as_dag.post(url_of(section), {**mine, "body": "Mine and theirs.", "seen": seen, "_save": "x"})

    assert response.status_code == 302
    section.refresh_from_db()
    assert section.body == "Mine and theirs."


def test_a_stale_row_of_an_inline_is_refused_too(small, as_dag):
    prompt = ReflectionPrompt.objects.get()
    mine = opened(as_dag, prompt)
    edit(as_dag, small.questions[0], text="Theirs?")

    response = as_dag.post(url_of(prompt), {**mine, "title": "Mine", "_save": "x"})

    assert "Stored now:\nTheirs?" in response.text
    assert ReflectionPrompt.objects.get().title == "Your context"


def test_what_was_written_into_a_deleted_row_is_given_back(small, as_dag):
    work = Reference.objects.get()
    mine, url = opened(as_dag, work), url_of(work)
    work.delete()

    response = as_dag.post(url, {**mine, "title": "Many words of mine", "_save": "x"})

    assert response.status_code == 409
    assert "Many words of mine" in response.text


# --- Wordings of questions ----------------------------------------------------------------------------------


def test_a_new_wording_counts_and_the_page_tells_first_how_many_answers_it_touches(small, as_dag, as_ben):
    url = reverse("answer_save", args=["core", "challenges", "context", "question-1"])
    as_ben.post(url, {"text": "Ben's own words", "version": 0})
    prompt = ReflectionPrompt.objects.get()

    page = as_dag.get(url_of(prompt)).text
    assert "1 answer has been written here." in page
    assert "own words" not in page

    edit(as_dag, prompt, **{"questions-0-text": "And what about one?"})
    assert list(Question.objects.values_list("revision", flat=True)) == [2, 1]
    mine = as_ben.get(reverse("my_answers")).text
    assert "Written under an earlier wording: “What about 1?”" in mine


def test_a_case_study_is_written_and_placed(small, as_dag, as_ben):
    fields = {"key": "bonn", "title": "Bonn", "kind": "case", "place": "Bonn", "body": "A story."}
    assert add(as_dag, CaseStudy, topic=small.topics[0].pk, **fields).status_code == 302

    edit(as_dag, small.sections[1], body=":::case-study bonn")

    assert "A story." in as_ben.get(small.sections[1].get_absolute_url()).text
