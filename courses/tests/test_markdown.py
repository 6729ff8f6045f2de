"""What an author writes becomes clean HTML and parts; the language: docs/content-format.md."""

import re
import time
from html import unescape

import pytest

from courses.markdown import Mark, compile_body, plain_text, read_body, tidy
from courses.tests.markup import audit, html

# --- What there is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A *b* **c** `d`", "<p>A <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("one\\\ntwo", "<p>one<br>\ntwo</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("Term\n: what it is", "<dl>\n<dt>Term</dt>\n<dd>what it is</dd>\n</dl>"),
        ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ("---", "<hr>"),
        ("![A port](/static/port.png)", '<p><img src="/static/port.png" alt="A port" loading="lazy"></p>'),
        ("[in](/courses/)", '<p><a href="/courses/">in</a></p>'),
        ("[here](#h-x)", '<p><a href="#h-x">here</a></p>'),
        ("[out](https://un.org)", '<p><a href="https://un.org" rel="noopener noreferrer">out</a></p>'),
        ("<mailto:a@b.org>", '<p><a href="mailto:a@b.org">mailto:a@b.org</a></p>'),
        ("[[diaspora]]", '<p><a class="term" href="#term-diaspora">diaspora</a></p>'),
        ("[[brain-waste]]", '<p><a class="term" href="#term-brain-waste">brain waste</a></p>'),
        ("[[diaspora|diasporas]]", '<p><a class="term" href="#term-diaspora">diasporas</a></p>'),
        ("\\[[not a mark]]", "<p>[[not a mark]]</p>"),
        ("`[[code]]`", "<p><code>[[code]]</code></p>"),
        ('"quotes" -- stay (c)', '<p>"quotes" -- stay (c)</p>'),
        ("", ""),
    ],
)
def test_markdown_becomes_html(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    "raw",
    ["<b>bold</b>", "<div>\n\ntext\n\n</div>", "<!-- note -->", "a <br> b", "<?php ?>", "<![CDATA[x]]>", "<x-y z=1>"],
)
def test_raw_html_is_shown_as_text(raw):
    found = audit(raw)

    assert {tag for tag, _attributes in found.elements} == {"p"}
    assert raw.split()[0].strip() in plain_text(compile_body(raw))


def test_headings_get_ids_of_their_words_and_are_listed():
    compiled = compile_body(
        "## The *local* level\n\n### A [[term]]\n\n## The local level\n\n## The local level 2\n\n## …"
    )

    assert [(heading["id"], heading["text"], heading["level"]) for heading in compiled["headings"]] == [
        ("h-the-local-level", "The local level", 2),
        ("h-a-term", "A term", 3),
        ("h-the-local-level-2", "The local level", 2),
        ("h-the-local-level-2-2", "The local level 2", 2),
        ("h-heading", "…", 2),
    ]


def test_words_are_counted_without_markup():
    text = "## Two words\n\n*Thr*ee more [words](/x)[^1].\n\n| a |\n|---|\n| b |\n\n[^1]: And a note."

    assert plain_text(compile_body(text)) == "Two words Three more words. a b And a note."
    assert compile_body(text)["words"] == 10


def test_parts_cut_the_text_where_they_stand():
    text = (
        "Before.\n\n:::reflection context\n\nBetween.\n\n:::case-study frankfurt\n\n:::figure cycle\n\n"
        ":::see-also module-1/topic-2 topics/gender/care module-3\nOn *care*\nand work.\n:::\n\nAfter."
    )
    body = read_body(text)

    assert body.compiled["segments"] == [
        {"html": "<p>Before.</p>"},
        {"part": "reflection", "key": "context"},
        {"html": "<p>Between.</p>"},
        {"part": "case-study", "key": "frankfurt"},
        {"part": "figure", "key": "cycle"},
        {
            "part": "see-also",
            "targets": ["module-1/topic-2", "topics/gender/care", "module-3"],
            "html": "On <em>care</em>\nand work.",
        },
        {"html": "<p>After.</p>"},
    ]
    assert body.marks == [
        Mark("reflection", "context", 3),
        Mark("case-study", "frankfurt", 7),
        Mark("figure", "cycle", 9),
        Mark("see-also", "module-1/topic-2", 11),
        Mark("see-also", "topics/gender/care", 11),
        Mark("see-also", "module-3", 11),
    ]


@pytest.mark.parametrize("above", ["- a\n- b", "1. a\n\n   more", "> quoted", "Term\n: meaning", "| a |\n|---|\n| b |"])
def test_a_directive_may_follow_anything_after_a_blank_line(above):
    segments = compile_body(f"{above}\n\n:::figure cycle\n\nAfter.")["segments"]

    assert [segment.get("part") for segment in segments] == [None, "figure", None]
    assert segments[2]["html"] == "<p>After.</p>"


def test_glossary_marks_are_known_wherever_they_stand():
    text = (
        "## A [[one]]\n\n- [[two]]\n\n| [[three]] |\n|---|\n| [[four\\|fours]] |\n\nTerm\n: [[five]]\n\nx[^1]\n\n"
        ":::see-also module-1\n`a\nb` [[six]]\n:::\n\n[^1]: on\n    [[seven]]\n\n[[one|once more]]"
    )
    body = read_body(text)

    assert body.compiled["terms"] == ["one", "two", "three", "four", "five", "six", "seven"]
    assert [(mark.key, mark.line) for mark in body.marks if mark.kind == "term"] == [
        ("one", 1),
        ("two", 3),
        ("three", 5),
        ("four", 7),
        ("five", 10),
        ("six", 16),
        ("one", 22),
        ("seven", 20),
    ]
    assert '<td><a class="term" href="#term-four">fours</a></td>' in html(text)


def test_the_example_of_a_directive_in_code_stays_code():
    text = "```\n:::figure cycle\n```\n\n    :::reflection x\n"

    assert [list(segment) for segment in compile_body(text)["segments"]] == [["html"]]


# --- Tables -------------------------------------------------------------------------------------------------


def test_a_table_has_a_name_scopes_and_a_wrapper_that_scrolls_by_keyboard():
    found = audit('| Who & "what" | *When* | |\n|:--|:-:|--:|\n| a | b | c |')

    [wrapper] = found.all("div")
    assert wrapper == {"class": "table-wrap", "tabindex": "0", "role": "group", "aria-label": 'Who & "what", When'}
    assert found.all("th") == [{"scope": "col"}, {"scope": "col", "class": "text-center"}]
    # The empty corner is no header of anything.
    assert [cell.get("class") for cell in found.all("td")] == ["text-end", None, "text-center", "text-end"]


# --- Footnotes ----------------------------------------------------------------------------------------------


def test_footnotes_lead_there_and_back():
    found = audit("One[^a] two[^b] again[^a].\n\n[^a]: First.\n[^b]: Second.")
    links = {link["href"].removeprefix("#") for link in found.all("a")}

    assert sorted(found.ids) == ["fn-1", "fn-2", "fnref-1", "fnref-1-2", "fnref-2"]
    assert links == set(found.ids)
    assert {link["role"] for link in found.all("a")} == {"doc-noteref", "doc-backlink"}


def test_ids_are_unique_on_a_page_of_several_bodies():
    text = "## A\n\n## A\n\nx[^1] y[^1] z[^2]\n\n[^1]: One.\n[^2]: Two."
    keys = ["", "prompt-a--", "prompt-a-1--", "prompt-a-1-2--", "case-a--", "figure-a--", "credits--"]
    ids = [name for prefix in keys for name in audit(text, prefix=prefix).ids]

    assert len(ids) == len(set(ids)) == 7 * len(keys)


# --- Any length, any script ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "word ",
        "a\n",
        "*a* ",
        "[[a]] ",
        "[ ",
        "![",
        "`a",
        "<a",
        "## a\n\n",
        "- a\n",
        "|a",
        "x[^1] ",
        "\\",
        "&amp;",
        "_a",
    ],
)
def test_very_long_texts_take_no_longer_than_their_length(piece):
    text = piece * (10_000 // len(piece))
    start = time.process_time()
    compile_body(text + "\n\n[^1]: n" if "[^1]" in piece else text)

    assert time.process_time() - start < 2


def test_a_book_of_200_kb_is_compiled_in_reasonable_time():
    page = "## A heading\n\nA paragraph of *many* words with a [[term]] and a [link](/x).\n\n- one\n- two\n\n"
    text = page * (200_000 // len(page))
    start = time.process_time()
    compiled = compile_body(text)

    assert time.process_time() - start < 10
    assert compiled["words"] == 15 * text.count("##")


@pytest.mark.parametrize(
    "text",
    ["مرحبا بالعالم", "שלום", "👩‍👩‍👧‍👦 🏳️‍🌈", "Zażółć gęślą jaźń", "e\u0301", "漢字", "a\u00a0b", "a\u200fb\u202a"],
)
def test_every_script_is_kept_as_it_was_typed(text):
    compiled = compile_body(f"## {text}\n\n{text} [[term|{text}]]")

    assert compiled["headings"][0]["text"] == text
    assert unescape(re.sub(r"<[^>]*>", "", compiled["segments"][0]["html"])) == f"{text}\n{text} {text}"


def test_tidying_keeps_everything_but_line_ends_and_blank_edges():
    assert tidy("\r\n\n    code\r\ntext\rmore \n\n") == "    code\ntext\nmore"
