"""Pages to read: complete, quick, the same cost however much is on them."""

import re

import pytest
from django.urls import reverse

from conftest import make_course, make_user, signed_in
from courses import published, services
from courses.models import Figure, RelatedModule, Section
from jmdi import server

SECTION = "/courses/core/challenges/section-1/"


def test_a_section_shows_its_text_and_everything_placed_in_it(small, enrolment, as_ben):
    text = as_ben.get(SECTION).text

    assert "begins <strong>locally</strong>" in text
    assert "What about 1?" in text
    assert "<svg" in text
    assert "Four phases." in text
    assert 'href="#term-diaspora"' in text
    assert "People with a link to a place." in text


def test_a_cross_reference_leads_inside_the_course_and_names_what_is_outside(small, as_ben):
    text = as_ben.get(SECTION).text

    assert 'href="/courses/core/gender/section-1/"' in text
    assert "Module 3: Services, topic 2" in text
    assert "not part of this course" in text


def test_a_section_leads_to_its_neighbours_across_topics(small, as_ben):
    context = as_ben.get("/courses/core/challenges/section-2/").context

    assert context["previous"]["url"] == SECTION
    assert context["next"]["url"] == "/courses/core/gender/"
    assert (
        as_ben.get("/courses/core/gender/section-1/").context["previous"]["url"]
        == "/courses/core/challenges/section-2/"
    )
    assert as_ben.get(SECTION).context["previous"] is None
    assert as_ben.get("/courses/core/gender/section-2/").context["next"] is None


def test_the_contents_show_where_i_am_and_what_is_done(small, enrolment, as_ben):
    as_ben.post(SECTION + "done/", {"done": "1"})

    outline = as_ben.get("/courses/core/challenges/section-2/").context["outline"]
    assert [row["state"] for row in outline[0]["sections"]] == ["done", "none"]
    assert [row["is_current"] for row in outline[0]["sections"]] == [False, True]


def test_a_topic_shows_objectives_key_points_and_its_references(small, as_ben):
    text = as_ben.get("/courses/core/challenges/").text

    for words in ("explain challenges", "remember challenges", "Section 1 of challenges", "Tesson"):
        assert words in text
    assert "remember gender" not in text


@pytest.mark.parametrize("key", ["html", "svg"])
def test_titles_are_text_whatever_the_key(small, as_ben, key):
    RelatedModule.objects.filter(key="module-3").update(key=key, title="<b>Services</b>")
    small.sections[0].body = f":::see-also {key}\nServices.\n:::"
    small.sections[0].save()
    small.publish()

    assert "&lt;b&gt;Services&lt;/b&gt;" in as_ben.get(SECTION).text


def test_the_introduction_and_the_credits_of_a_course_do_not_share_ids(small, as_ben):
    small.course.body = small.course.credits = "## Source\n\nMany[^1].\n\n[^1]: Of them."
    small.course.save()
    small.publish()
    ids = re.findall(r' id="([^"]+)"', as_ben.get("/courses/core/").text)

    assert {"h-source", "fn-1", "h-credits--source", "fn-credits--1"} <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "path",
    [
        "/courses/none/",
        "/courses/core/none/",
        "/courses/core/challenges/none/",
        "/courses/core/none/section-1/",
    ],
)
def test_what_does_not_exist_is_404(small, as_ben, path):
    assert as_ben.get(path).status_code == 404


def test_an_archived_section_is_gone_for_readers(small, as_ben):
    from django.utils import timezone

    Section.objects.filter(pk=small.sections[0].pk).update(archived_at=timezone.now())
    small.publish()

    assert as_ben.get(SECTION).status_code == 404


def test_an_unpublished_course_is_for_staff_only(small, as_ben, as_dag):
    small.course.is_published = False
    small.course.save(update_fields=["is_published"])

    assert as_ben.get("/courses/core/").status_code == 404
    assert as_dag.get("/courses/core/").status_code == 200
    assert "Core Module" not in as_ben.get("/").text


def test_a_topics_references_are_read_from_the_published_course(small, as_ben):
    reference = small.topics[0].references.get()
    reference.title = "A better book"
    reference.save()
    assert "A better book" not in as_ben.get("/courses/core/challenges/").text
    small.publish()

    assert "A better book" in as_ben.get("/courses/core/challenges/").text


def test_a_start_after_an_update_publishes_anew_what_older_code_published(small, as_ben):
    del small.course.published["references"]
    small.course.save(update_fields=["published"])

    server.prepare(lambda line: None)

    assert "Tesson" in as_ben.get("/courses/core/challenges/").text


def test_an_edit_is_seen_at_once(small, as_ben):
    assert "Reading about challenges." in as_ben.get("/courses/core/challenges/section-2/").text
    section = small.sections[1]
    section.body = "Rewritten by an editor."
    section.save()
    small.publish()

    assert "Rewritten by an editor." in as_ben.get("/courses/core/challenges/section-2/").text


def test_visitors_are_asked_to_sign_in_and_come_back(small, client):
    response = client.get(SECTION)

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={SECTION}"


def test_private_pages_stay_out_of_every_cache(small, as_ben):
    assert as_ben.get(SECTION)["Cache-Control"] == "private, no-store"


# --- Cost ---------------------------------------------------------------------------------------------------


def add_much(small) -> None:
    for number in range(3):
        Figure.objects.create(
            course=small.course, key=f"figure-{number}", title="F", svg=small.course.figures.first().svg
        )
        small.sections[1].body += f"\n\n:::figure figure-{number}\n"
    small.sections[1].save()
    for number in range(10):
        Section.objects.create(topic=small.topics[1], key=f"more-{number}", title="More", position=9, body="More.")
    small.publish()


@pytest.mark.parametrize("is_first_request", [True, False])
@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # session, user, enrolment with course, section progress, topic progress, (answers and who may read them, or
        # ratings and note) …
        (SECTION, 7),
        ("/courses/core/challenges/", 7),
        # … which needs no progress
        ("/courses/core/challenges/print/", 3),
        ("/courses/core/challenges/print/?answers=1", 4),
        ("/courses/core/", 5),
        ("/courses/core/finish/", 8),
        ("/", 9),
    ],
)
def test_pages_cost_the_same_however_large_the_course(
    ben, django_assert_num_queries, path, queries, is_large, is_first_request
):
    small = make_course(questions=6 if is_large else 1)
    enrolment = services.enrol(user=ben, course=small.course)
    if is_large:
        add_much(small)
        for section in small.sections:
            services.mark_section(enrolment=enrolment, topic_id=section.topic_id, section_id=section.pk, done=True)
    client = signed_in(ben)
    if is_first_request:
        # A process that has not seen this version of the course fetches it with one query.
        published._kept.clear()
        queries += 1
    else:
        client.get(path)

    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
    assert queries <= (10 if path == "/" or path.endswith("/finish/") else 8)


def test_many_readers_do_not_change_the_cost(small, enrolment, as_ben, django_assert_num_queries):
    for number in range(3):
        user = make_user(f"other{number}@example.org")
        services.mark_section(
            enrolment=services.enrol(user=user, course=small.course),
            topic_id=small.topics[0].pk,
            section_id=small.sections[0].pk,
            done=True,
        )
    as_ben.get(SECTION)

    with django_assert_num_queries(7):
        as_ben.get(SECTION)
