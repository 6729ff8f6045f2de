"""Search finds by stem and beginning, marks what it found, and helps when there is nothing."""

import pytest

from courses.search import find

PATH = "/courses/core/search/"


@pytest.mark.parametrize("query", ["locally", "local", "loca", "LOCALLY", "beginning locally", "locally!", "'locally'"])
def test_words_are_found_by_stem_and_by_their_beginning(small, as_ben, query):
    response = as_ben.get(PATH, {"q": query})

    assert "/courses/core/challenges/section-1/" in [result.url for result in response.context["results"]]
    assert "<mark>" in response.text


def test_what_stands_in_a_placed_part_is_found_on_its_page(small, as_ben):
    results, _all = find(small.course, "Four phases")

    assert [result.url for result in results] == ["/courses/core/challenges/section-1/"]


def test_titles_weigh_more_than_text(small):
    small.sections[3].title = "Remittances"
    small.sections[3].save()
    small.sections[2].body = "Remittances are sent home."
    small.sections[2].save()
    small.publish()

    results, _all = find(small.course, "remittance")
    assert [result.title for result in results] == ["Remittances", "Section 1 of gender"]


def test_terms_and_references_are_found_at_their_place(small):
    term, *_rest = find(small.course, "link to a place")[0]
    assert term.url == "/courses/core/glossary/#term-diaspora"
    reference, *_rest = find(small.course, "Tesson")[0]
    assert reference.url == "/courses/core/references/#reference-tesson"


def test_some_of_the_words_are_better_than_nothing_and_are_said_to_be(small, as_ben):
    response = as_ben.get(PATH, {"q": "locally zebra"})

    assert response.context["results"]
    assert not response.context["has_all_words"]


@pytest.mark.parametrize(
    "query", ["zebra", "!!!", "'", "zebra & yak | !gnu:*", "x" * 200, "\\", "%_", "<script>alert(1)</script>"]
)
def test_nothing_found_is_a_page_that_helps(small, as_ben, query):
    response = as_ben.get(PATH, {"q": query})

    assert response.status_code == 200
    assert not response.context["results"]
    assert "<script>alert" not in response.text


def test_a_single_letter_or_digit_is_looked_for_but_finds_nothing_alone(small):
    assert [result.title for result in find(small.course, "section 1")[0]][:2] == [
        "Section 1 of challenges",
        "Section 1 of gender",
    ]
    assert find(small.course, "1 zebra") == ([], False)


def test_references_are_found_as_they_are_now(small):
    small.course.references.update(authors="Zimmermann, T.")
    small.publish()

    assert [result.title for result in find(small.course, "Zimmermann")[0]] == ["A book"]
    assert find(small.course, "Tesson") == ([], True)


def test_signs_in_plain_text_are_not_taken_for_markup(small):
    small.course.figures.update(caption="Income < 5 and growth > 3 in Zanzibar")
    small.publish()

    assert "Income &lt; 5 and growth &gt; 3 in <mark>Zanzibar</mark>" in find(small.course, "Zanzibar")[0][0].excerpt


@pytest.mark.parametrize("query", ["x" * 201, "nul\x00"])
def test_impossible_words_get_an_error_not_a_failure(small, as_ben, query):
    response = as_ben.get(PATH, {"q": query})

    assert response.status_code == 200
    assert response.context["form"].errors


def test_markup_in_content_is_shown_as_text_in_excerpts(small, as_ben):
    small.sections[0].body = "Beware of `<script>alert(1)</script>` in locally grown text."
    small.sections[0].save()
    small.publish()

    assert "<script>alert" not in as_ben.get(PATH, {"q": "beware"}).text


def test_only_this_course_is_searched(small, as_ben):
    from conftest import make_course

    other = make_course("other")

    assert all(result.url.startswith("/courses/other/") for result in find(other.course, "locally")[0])
