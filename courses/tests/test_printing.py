"""A whole topic on one page, for paper."""

import re
from itertools import pairwise

import pytest

from courses.markdown import beneath
from courses.models import CaseStudy, KeyPoint

PRINT = "/courses/core/challenges/print/"


def test_the_whole_topic_is_there_in_its_order(small, as_ben):
    text = as_ben.get(PRINT).text

    order = [
        "explain challenges",
        "Intro.",
        "1.1</span> Section 1 of challenges",
        "begins <strong>locally</strong>",
        "What about 1?",
        "What about 2?",
        "<svg viewBox",
        "Services nearby.",
        "1.2</span> Section 2 of challenges",
        "Reading about challenges.",
        "remember challenges",
        "People with a link to a place.",
        "Tesson",
    ]
    places = [text.rindex(words) for words in order]
    assert places == sorted(places)
    assert "gender</h1>" not in text and "remember gender" not in text


def test_the_topic_leads_to_it(small, as_ben):
    assert f'href="{PRINT}"' in as_ben.get("/courses/core/challenges/").text


def test_questions_have_lines_and_answers_stand_there_only_when_asked_for(small, enrolment, as_ben, as_cleo):
    as_ben.post(
        "/courses/core/challenges/answers/context/question-1/", {"text": "We are <three> villages", "version": 0}
    )

    assert as_ben.get(PRINT).text.count('class="write-here"') == 2
    assert "villages" not in as_ben.get(PRINT).text
    with_answers = as_ben.get(PRINT + "?answers=1").text
    assert "We are &lt;three&gt; villages" in with_answers
    assert with_answers.count('class="write-here"') == 1
    assert "villages" not in as_cleo.get(PRINT + "?answers=1").text


def test_headings_and_footnotes_of_several_sections_do_not_share_ids(small, as_ben):
    body = "## The place\n\nMany[^1], see [above](#h-the-place).\n\n### Part\n\nMore[^1].\n\n[^1]: Of [[diaspora]]."
    CaseStudy.objects.create(topic=small.topics[0], key="box", title="A box", body=body)
    for section, more in zip(small.sections[:2], ["", "\n\n:::figure cycle\n\n:::case-study box\n"], strict=True):
        section.body += "\n\n" + body + more
        section.save()
    small.topics[0].body = body
    small.topics[0].save()
    small.publish()
    text = as_ben.get(PRINT).text
    ids = re.findall(r' id="([^"]+)"', text)

    assert len(ids) == len(set(ids))
    assert {"h-section-section-1--the-place", "fn-section-section-2--1", "fnref-section-section-2--1-2"} <= set(ids)
    assert {"h-the-place", "fn-1", "h-case-box--the-place"} <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert text.count('<svg viewBox="0 0 340 40"') == 1
    assert "“The cycle” stands above" in text
    # The pages of sections keep the anchors that people may have kept.
    assert 'id="h-the-place"' in as_ben.get("/courses/core/challenges/section-2/").text


def test_headings_go_down_from_the_topic_without_a_gap(small, as_ben):
    small.sections[0].body += "\n\n## Second\n\n### Third\n"
    small.sections[0].save()
    small.publish()
    main = as_ben.get(PRINT).text.partition("<main")[2]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]

    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= level + 1 for level, later in pairwise(levels))
    assert ">Third</h4>" in main


def test_only_what_compiling_named_is_renamed():
    markup = (
        '<h2 id="h-x">id="h-x" &lt;h2&gt;</h2><p><a href="#term-x">a</a> <a href="/y/#h-x">b</a></p><h6 id="h-z">c</h6>'
    )

    assert beneath(markup, "s--") == (
        '<h3 id="h-s--x">id="h-x" &lt;h2&gt;</h3>'
        '<p><a href="#term-x">a</a> <a href="/y/#h-x">b</a></p><h6 id="h-s--z">c</h6>'
    )


def test_a_topic_without_anything_is_a_page_too(small, as_ben):
    topic = small.topics[1]
    KeyPoint.objects.filter(topic=topic).delete()
    topic.sections.all().delete()
    small.publish()

    assert "This topic has no sections yet." in as_ben.get("/courses/core/gender/print/").text


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_black_on_white_without_what_belongs_to_the_screen(visit, small, enrolment, ben, scheme):
    page = visit(ben, color_scheme=scheme).open(PRINT)
    assert page.get_by_label("With my answers").is_visible()
    page.emulate_media(media="print")

    style = "(element) => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    assert page.evaluate(f"({style})(document.body)") == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert not page.get_by_label("With my answers").is_visible()
    assert not page.locator(".site-head").is_visible()
    assert page.locator(".figure svg").is_visible()
    assert page.locator(".write-here").first.is_visible()
