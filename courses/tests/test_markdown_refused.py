"""A body that cannot be right is refused, with the line and a reason that an author understands."""

import pytest

from courses.markdown import MarkdownError, compile_body


def refused(text):
    with pytest.raises(MarkdownError) as caught:
        compile_body(text)
    return caught.value.line, caught.value.reason


NO_DIRECTIVE = (
    "“%s” is not a directive. There are “:::reflection KEY”, “:::case-study KEY”, “:::figure KEY” and “:::see-also "
    "TARGET …”."
)
OUTSIDE = "A directive stands at the start of a line, outside of lists, quotes and footnotes."
BEFORE = "Leave a blank line before a directive."
AFTER = "Leave a blank line after a directive."
UNCLOSED = "“:::see-also” is not closed: its subject in a line or two, then “:::” alone."
TERM = (
    "“[[” begins a glossary mark, “[[key]]” or “[[key|shown]]” (“\\|” in a table); write “\\[[” for the brackets "
    "themselves."
)
ONE_KEY = "“:::%s” needs exactly one key: lower-case letters, digits, hyphens."
TARGETS = (
    "“:::see-also” needs targets like “module-3”, “module-3/topic-2”, “topics/TOPIC” or “topics/TOPIC/SECTION”, not "
    "“%s”."
)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a\n\n:::quiz x", 3, NO_DIRECTIVE % ":::quiz x"),
        ("a\n\n::: figure x", 3, NO_DIRECTIVE % "::: figure x"),
        (":::Figure x", 1, NO_DIRECTIVE % ":::Figure x"),
        ("::::figure x", 1, NO_DIRECTIVE % "::::figure x"),
        ("a\n\n:::", 3, "“:::” closes nothing here."),
        (":::figure", 1, ONE_KEY % "figure"),
        (":::figure a b", 1, ONE_KEY % "figure"),
        (":::figure A_b", 1, ONE_KEY % "figure"),
        (":::reflection a--b", 1, ONE_KEY % "reflection"),
        (":::case-study " + "x" * 61, 1, ONE_KEY % "case-study"),
        (":::figure a\n\ntext\n\n:::figure a", 5, "“a” stands in this text already."),
        (":::see-also\nx\n:::", 1, TARGETS % ""),
        (":::see-also topics\nx\n:::", 1, TARGETS % "topics"),
        (":::see-also module-1 topics/a/b/c Module\nx\n:::", 1, TARGETS % "topics/a/b/c Module"),
        (":::see-also module-1/2\nx\n:::", 1, TARGETS % "module-1/2"),
        ("a\n\n:::see-also module-1\nx\n\n:::", 3, UNCLOSED),
        (":::see-also module-1\nx", 1, UNCLOSED),
        (":::see-also module-1", 1, UNCLOSED),
        (":::see-also module-1\n:::figure x\n:::", 1, UNCLOSED),
        (":::see-also module-1\n:::", 1, "“:::see-also” needs its subject in the lines below it."),
        ("text\n:::figure a", 2, BEFORE),
        ("- a\n:::figure a", 2, BEFORE),
        ("> a\n:::figure a", 2, BEFORE),
        (":::figure a\ntext", 2, AFTER),
        (":::see-also module-1\nx\n:::\ntext", 4, AFTER),
        ("- a\n\n  :::figure a", 3, OUTSIDE),
        ("> :::figure a", 1, OUTSIDE),
        ("1. a\n   - b\n\n     :::figure a", 4, OUTSIDE),
        ("x[^1]\n\n[^1]: y\n\n    :::figure a", 5, OUTSIDE),
        ("Term\n: meaning\n\n  :::figure a", 4, OUTSIDE),
        ("  :::figure a", 1, OUTSIDE),
        ("a\n\n# Big", 3, "Headings in a text start at “##”: the page's title is above them."),
        ("a\n\nBig\n===", 3, "Headings in a text start at “##”: the page's title is above them."),
        ("### Three", 1, "A level of headings is left out: “##” comes before “###”."),
        ("## Two\n\n#### Four", 3, "A level of headings is left out: “##” comes before “###”."),
        ("a\nb[^x]", 2, "The footnote [^x] has no text: add “[^x]: …” below."),
        ("`[^x]`\nb[^x]", 2, "The footnote [^x] has no text: add “[^x]: …” below."),
        ("a\n\n[^x]: unused", 3, "The footnote [^x] is never used."),
        ("a[^x]\n\n[^x]: one\n\n[^x]: two", 5, "The footnote [^x] has two texts."),
        ("a\n![alt](https://x.org/i.png)", 2, "An image comes from “/static/…” or “/media/…”, not from “https://x.org/i.png”."),
        ("a\n\n![](/static/i.png)", 3, "An image needs words for those who cannot see it: “![words](/static/…)”."),
        ("![ ](/media/i.png)", 1, "An image needs words for those who cannot see it: “![words](/static/…)”."),
        ("a [[Diaspora]]", 1, TERM),
        ("a\nb [[]]", 2, TERM),
        ("a\n\nb\nc [[a|]]", 4, TERM),
        ("[[a|b|c]]", 1, TERM),
        ("| a |\n|---|\n| [[a |\n", 3, TERM),
        ("- a\n- b [[unclosed", 2, TERM),
        ("a\nb\x00c", 2, "There is a control character here ('\\x00')."),
        ("\x1b", 1, "There is a control character here ('\\x1b')."),
        ("> " * 30 + "deep", 1, "Lists and quotes are nested too deeply here."),
        ("x\n\n" + "\n".join("  " * n + "- x" for n in range(20)), 11, "Lists and quotes are nested too deeply here."),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_line(text, line, reason):
    assert refused(text) == (line, reason)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "java&Tab;script:alert(1)",
        "<java\tscript:alert(1)>",
        "< javascript:alert(1)>",
        "\\javascript:alert(1)",
        "data:text/html,<script>",
        "DATA:text/html;base64,PHNj",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://x.org/1",
        "//evil.example",
        "&sol;/evil.example",
        "&#47;&#47;evil.example",
        "https:evil.example",
        "https:///evil.example",
        "http:\\\\evil.example",
        "ftp://x.org",
        "page",
        "?q=1",
        "",
        "mailto:",
    ],
)
def test_links_that_lead_nowhere_good_are_refused_in_all_disguises(address):
    for text in (
        f"a\n[x]({address})",
        f"a\n**[x]({address} 'title')**",
        *([f"a\n[x][y]\n\n[y]: {address}"] if address else []),
    ):
        line, reason = refused(text)
        assert line == 2
        assert reason.startswith("A link leads to “https:”")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_addresses_in_angle_brackets_are_refused_too(address):
    assert refused(f"a\n<{address}>")[0] == 2


@pytest.mark.parametrize(
    "source",
    [
        "//evil.example/static/x.png",
        "static/x.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "/static/../accounts/logout/",
        "/static/%2e%2e/accounts/",
        "/media/..\\x",
        "/courses/x.png",
        "/staticky/x.png",
    ],
)
def test_images_come_from_this_sites_files_only(source):
    line, reason = refused(f"a\n\n![words]({source})")

    assert line == 3
    assert reason.startswith("An image comes from “/static/…” or “/media/…”")


def test_lines_are_right_below_code_titles_and_blocks():
    for above in ("`a\nb`", "[x](# 'a\nb')", "a\\\nb", "a  \nb", "![x\ny](/static/x.png)"):
        assert refused(f"{above} [x](data:x)")[0] == 2
    for above in ("- a\n- ", "> a\n> ", "Term\n: ", "| a |\n|---|\n| b |\n| ", "```\nx\n```\n\n"):
        assert refused(f"{above}[x](data:x)")[0] == above.count("\n") + 1


def test_a_table_without_words_in_its_header_is_refused():
    assert refused("Text.\n\n|  |  |\n|--|--|\n| a | b |") == (3, "A table needs words in its header row.")
