"""A drawing is shapes, words and our own classes; nothing else gets in, and figures on one page do not meddle."""

import re
import time

import pytest

from courses.svg import MAX_LENGTH, SvgError, clean_svg, svg_source

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 120">'
WORDS = "<title>A loop</title><desc>Four steps</desc>"
EVERYTHING = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 120.5" role="img" aria-labelledby="t d" class="f-label">
  <title id="t">Who goes &amp; who stays</title>
  <desc id="d">A &lt;loop&gt; of four steps</desc>
  <defs>
    <marker id="arrow-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">
      <path class="f-head" d="M 0 0 L 10 5 L 0 10 z"/>
    </marker>
  </defs>
  <g class="f-line" transform="translate(10, 20) rotate(45)">
    <rect class="f-box" x="1" y="1" width="50%" height="20" rx="3"/>
    <circle class="f-accent" cx="5" cy="5" r="4"/>
    <ellipse class="f-hue" cx="5" cy="5" rx="4" ry="2"/>
    <line class="f-line-strong" x1="0" y1="0" x2="9" y2="9" marker-end="url(#arrow-head)"/>
    <polyline class="f-dash" points="0,0 5,5 10,0"/>
    <polygon class="f-bar" points="0,0 5,5 10,0"/>
    <path class="f-line" d="M0,0c1-1,2.5e1,3 4 4Z"/>
  </g>
  <text class="f-title f-middle" x="170" y="20">Leave <tspan dy="16" class="f-small">or مرحبا 🙂</tspan> stay</text>
</svg>
"""


def drawing(inside="", *, head=HEAD, words=WORDS):
    return f"{head}\n{words}\n{inside}\n</svg>"


def refused(text):
    with pytest.raises(SvgError) as caught:
        clean_svg(text, prefix="loop")
    return caught.value.line, caught.value.reason


def test_shapes_words_and_classes_pass():
    clean = clean_svg(EVERYTHING, prefix="loop")

    for kept in (
        "<rect ",
        "<circle ",
        "<ellipse ",
        "<line ",
        "<polyline ",
        "<polygon ",
        "<path ",
        "<tspan ",
        "<marker ",
    ):
        assert kept in clean
    for kept in (
        "Who goes &amp; who stays",
        "A &lt;loop&gt; of four steps",
        "or مرحبا 🙂",
        'd="M0,0c1-1,2.5e1,3 4 4Z"',
    ):
        assert kept in clean
    assert "drawn by hand" not in clean


def test_a_drawing_in_a_page_has_a_name_and_a_description():
    clean = clean_svg(EVERYTHING, prefix="loop")

    assert clean.startswith(
        '<svg viewBox="0 0 340 120.5" class="f-label" role="img" aria-labelledby="fig-loop-title fig-loop-desc">'
    )
    assert '<title id="fig-loop-title">' in clean
    assert '<desc id="fig-loop-desc">' in clean


def test_cleaning_what_is_clean_changes_nothing():
    clean = clean_svg(EVERYTHING, prefix="loop")

    assert clean_svg(clean, prefix="loop") == clean
    assert clean_svg(svg_source(clean, prefix="loop"), prefix="loop") == clean
    assert svg_source(clean, prefix="loop") == svg_source(svg_source(clean, prefix="loop"), prefix="loop")


def test_its_file_has_short_ids_and_what_a_viewer_needs():
    source = svg_source(clean_svg(EVERYTHING, prefix="loop"), prefix="loop")

    assert source.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 120.5" class="f-label">\n')
    assert source.endswith("</svg>\n")
    assert 'id="arrow_head"' in source
    assert 'marker-end="url(#arrow_head)"' in source
    assert "fig-" not in source


@pytest.mark.parametrize("other", ["cycle", "loop-a", "loop-title"])
def test_two_figures_on_a_page_do_not_clash(other):
    inside = (
        '<defs><marker id="a"/><marker id="a-b"/><marker id="title-a"/></defs><path id="b" d="" marker-mid="url(#a)"/>'
    )
    first, second = (clean_svg(drawing(inside), prefix=prefix) for prefix in ("loop", other))
    ids = re.findall(r' id="([^"]+)"', first + second)

    assert len(ids) == len(set(ids)) == 12
    assert 'marker-mid="url(#fig-loop-a)"' in first
    assert f'marker-mid="url(#fig-{other}-a)"' in second


@pytest.mark.parametrize(
    ("inside", "line", "reason"),
    [
        ("<script>alert(1)</script>", 3, "<script> is not allowed; there are: svg title desc g defs marker path"),
        ("<g>\n<foreignObject><p>x</p></foreignObject></g>", 4, "<foreignObject> is not allowed"),
        ('<use href="#a"/>', 3, "<use> is not allowed"),
        ('<image href="//evil.example/x.png"/>', 3, "<image> is not allowed"),
        ("<style>@import '//evil.example'</style>", 3, "<style> is not allowed"),
        ('<a href="javascript:alert(1)"><text>x</text></a>', 3, "<a> is not allowed"),
        ('<animate attributeName="href" to="javascript:alert(1)"/>', 3, "<animate> is not allowed"),
        ('<set attributeName="onload" to="alert(1)"/>', 3, "<set> is not allowed"),
        ("<iframe/>", 3, "<iframe> is not allowed"),
        ("<RECT/>", 3, "<RECT> is not allowed"),
        ("<svg:rect/>", 3, "<svg:rect> is not allowed"),
        ('<rect style="fill: red"/>', 3, "The attribute “style” is not allowed on <rect>"),
        ('<rect fill="red"/>', 3, "The attribute “fill” is not allowed on <rect>"),
        ('<rect onload="alert(1)"/>', 3, "The attribute “onload” is not allowed on <rect>"),
        ('<text\nONCLICK="alert(1)">x</text>', 3, "The attribute “ONCLICK” is not allowed on <text>"),
        ('<path href="#a"/>', 3, "The attribute “href” is not allowed on <path>"),
        ('<path xlink:href="#a"/>', 3, "The attribute “xlink:href” is not allowed on <path>"),
        ('<path xml:base="//evil.example"/>', 3, "The attribute “xml:base” is not allowed on <path>"),
        ('<path filter="url(#a)"/>', 3, "The attribute “filter” is not allowed on <path>"),
        ('<g xmlns="http://www.w3.org/1999/xhtml"/>', 3, "The attribute “xmlns” is not allowed on <g>"),
        (
            '<path marker-end="url(//evil.example#a)"/>',
            3,
            'marker-end="url(//evil.example#a)" is not allowed on <path>.',
        ),
        ('<path marker-end="url(&quot;#a&quot;)"/>', 3, "marker-end="),
        ('<path d="M0 0 url(x)"/>', 3, 'd="M0 0 url(x)" is not allowed on <path>.'),
        ('<rect width="expression(1)"/>', 3, 'width="expression(1)" is not allowed on <rect>.'),
        ('<g transform="url(#a)"/>', 3, 'transform="url(#a)" is not allowed on <g>.'),
        ('<rect class="f-box btn"/>', 3, "The class “btn” is not allowed on <rect>; there are: f-accent f-alt f-bar"),
        ('<rect class="f-label"/>', 3, "The class “f-label” is not allowed on <rect>"),
        ('<text class="f-box">x</text>', 3, "The class “f-box” is not allowed on <text>"),
        ('<path\nmarker-end="url(#gone)"/>', 3, "There is no marker with the id “gone”."),
        ('<path id="a"/>\n<path id="a"/>', 4, "The id “a” is there twice."),
        ('<path id="desc"/>', 3, "The id “desc” is there twice."),
        ('<path id="1"/>', 3, 'id="1" is not allowed on <path>.'),
        ("loose words", 3, "Text stands in <text>, not in <svg>."),
        ("<g><![CDATA[loose]]></g>", 3, "Text stands in <text>, not in <g>."),
        ("<tspan>x</tspan>", 3, "<tspan> cannot stand here."),
        ("<marker/>", 3, "<marker> cannot stand here."),
        ("<svg/>", 3, "<svg> cannot stand here."),
        ("<text><rect/></text>", 3, "<rect> cannot stand in <text>."),
        ("<title>again</title>", 3, "The drawing begins with one <title> and one <desc>, in this order."),
        ("<g><title>tooltip</title></g>", 3, "<title> cannot stand here."),
        ("<?xml-stylesheet href='//evil.example'?>", 3, "Processing instructions are not allowed."),
        ("<g>" * 25 + "</g>" * 25, 3, "The drawing is nested too deeply."),
        ("<g>", 4, "This is not well-formed SVG: mismatched tag."),
        ("<rect x=1/>", 3, "This is not well-formed SVG: not well-formed (invalid token)."),
        ("&nbsp;", 3, "This is not well-formed SVG: undefined entity."),
        ("<text>a\x00b</text>", 3, "This is not well-formed SVG: not well-formed (invalid token)."),
    ],
)
def test_anything_else_is_refused_with_its_line(inside, line, reason):
    found_line, found_reason = refused(drawing(inside))

    assert found_line == line
    assert found_reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "This is not well-formed SVG: no element found."),
        ("not svg", "This is not well-formed SVG: syntax error."),
        ("<html><svg/></html>", "<html> is not allowed"),
        ("<g/>", "<g> cannot stand here."),
        (drawing(head="<svg>"), "The drawing needs a viewBox, “0 0 340 HEIGHT”."),
        (drawing(head='<svg viewBox="0 0 800 600">'), 'viewBox="0 0 800 600" is not allowed on <svg>.'),
        (drawing(head='<svg viewBox="0 0 340 0">'), 'viewBox="0 0 340 0" is not allowed on <svg>.'),
        (
            drawing(head=HEAD.replace("<svg", '<svg onload="alert(1)"')),
            "The attribute “onload” is not allowed on <svg>",
        ),
        (drawing(head=HEAD.replace("2000/svg", "1999/xhtml")), 'xmlns="http://www.w3.org/1999/xhtml" is not allowed'),
        (drawing(words="<desc>x</desc>"), "The drawing begins with one <title> and one <desc>, in this order."),
        (drawing(words="<title>x</title>"), "The drawing needs a <desc> with words in it."),
        (drawing(words="<title> </title><desc>x</desc>"), "The drawing needs a <title> with words in it."),
    ],
)
def test_a_drawing_is_whole(text, reason):
    assert refused(text)[1].startswith(reason)


def test_lines_are_those_of_the_file():
    assert refused("\n\n\n" + drawing("<script/>"))[0] == 6


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE svg [" + '<!ENTITY a "ha">' + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ) + "]>",
    ],
)  # fmt: skip
def test_document_types_and_entity_bombs_are_refused_at_once(doctype):
    start = time.process_time()

    assert refused(doctype + drawing("<text>&i;</text>")) == (1, "A document type (and entities) are not allowed.")
    assert time.process_time() - start < 0.5


def test_a_huge_drawing_is_refused_and_a_large_one_is_quick():
    shape = '<rect class="f-box" x="1" y="1" width="9" height="9"/>'
    assert refused(drawing(shape * 5000)) == (None, f"The drawing is longer than {MAX_LENGTH} characters.")

    start = time.process_time()
    clean_svg(drawing(shape * (MAX_LENGTH // len(shape) - 10)), prefix="loop")
    assert time.process_time() - start < 2
