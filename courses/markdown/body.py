"""From Markdown to segments: pure functions, no database."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count, pairwise
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from courses.constants import CONTROL
from courses.markdown import rules
from courses.markdown.clean import clean_html, words_of
from courses.markdown.errors import MarkdownError

_ALIGNED = {"text-align:center": "text-center", "text-align:right": "text-end"}
_LINK = re.compile(r"https?://[^/]|mailto:[^/]|/(?![/\\])|#", re.IGNORECASE)
_IMAGE = re.compile(r"/(?:static|media)/(?!.*(?:\.\.|%2e|\\))", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """Something that a body points to: *kind* is a directive's name or "term", *line* counts from 1."""

    kind: str
    key: str
    line: int


@dataclass
class Body:
    """A compiled body, and what it points to."""

    compiled: dict[str, Any]
    marks: list[Mark] = field(default_factory=list)


def tidy(text: str) -> str:
    """Return *text* as it is stored: plain line ends, no blank lines around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip().lstrip("\n")


def compile_body(text: str, *, prefix: str = "") -> dict[str, Any]:
    """Return the compiled form of the body *text*: `segments`, `terms`, `words` and `headings`.

    *prefix* stands in every id, so that several bodies can be on one page. Raises MarkdownError.
    """
    return read_body(text, prefix=prefix).compiled


def read_body(text: str, *, prefix: str = "") -> Body:
    """Compile *text* and list what it points to, with lines. Raises MarkdownError."""
    if control := CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise MarkdownError(line, _("There is a control character here (%(code)r).") % {"code": control[0]})
    env: dict[str, Any] = {"prefix": prefix}
    tokens = _parser().parse(text, env)
    marks: list[Mark] = []
    for token in tokens:
        _check_block(token)
        if token.meta.get("part"):
            marks += _part_marks(token, marks)
        marks += _check_inline(token)
    _finish_tables(tokens)
    headings = _name_headings(tokens, prefix)
    segments = _segments(tokens, env)
    compiled = {
        "segments": segments,
        "terms": list(dict.fromkeys(mark.key for mark in marks if mark.kind == "term")),
        "words": len(plain_text({"segments": segments}).split()),
        "headings": headings,
    }
    return Body(compiled, marks)


def plain_text(compiled: dict[str, Any]) -> str:
    """Return the words of a compiled body, without those of the parts placed in it."""
    return " ".join(words_of(segment["html"]) for segment in compiled["segments"] if "html" in segment)


@cache
def _parser() -> MarkdownIt:
    md = rules.parser()
    for name, rule in _RENDERED.items():
        md.renderer.rules[name] = rule
    return md


# --- Checks -------------------------------------------------------------------------------------------------


def _check_block(token: Token) -> None:
    line = token.map[0] + 1 if token.map else 1
    if token.level >= rules.MAX_NESTING - 1:
        raise MarkdownError(line, _("Lists and quotes are nested too deeply here."))
    if token.type == "heading_open" and token.tag == "h1":
        raise MarkdownError(line, _("Headings in a text start at “##”: the page's title is above them."))


def _part_marks(token: Token, earlier: list[Mark]) -> list[Mark]:
    part, line = token.meta["part"], token.map[0] + 1
    if part == rules.SEE_ALSO:
        return [Mark(part, target, line) for target in token.meta["targets"]]
    key = token.meta["key"]
    for mark in earlier:
        # On one page its ids would be there twice.
        if (mark.kind, mark.key) == (part, key):
            raise MarkdownError(line, _("“%(key)s” stands in this text already.") % {"key": key})
    return [Mark(part, key, line)]


def _check_inline(token: Token) -> Iterator[Mark]:
    """Yield the terms in an inline token; refuse addresses that lead nowhere good."""
    for child in token.children or []:
        match child.type:
            case "link_open":
                _check_link(child)
            case "image":
                _check_image(child)
            case "term_open":
                yield Mark("term", child.meta["key"], child.meta["line"])


def _check_link(token: Token) -> None:
    href = str(token.attrs["href"])
    if not _LINK.match(href):
        raise MarkdownError(
            token.meta["line"],
            _("A link leads to “https:”, “http:”, “mailto:” or a page of this site (“/…” or “#…”), "
              "not to “%(url)s”.") % {"url": href},
        )  # fmt: skip
    if href.lower().startswith("http"):
        token.attrSet("rel", "noopener noreferrer")


def _check_image(token: Token) -> None:
    src, line = str(token.attrs["src"]), token.meta["line"]
    if not _IMAGE.match(src):
        raise MarkdownError(
            line, _("An image comes from “/static/…” or “/media/…”, not from “%(url)s”.") % {"url": src}
        )
    if not token.content.strip():
        raise MarkdownError(line, _("An image needs words for those who cannot see it: “![words](/static/…)”."))
    token.attrSet("loading", "lazy")


# --- Headings and tables ------------------------------------------------------------------------------------


def _name_headings(tokens: list[Token], prefix: str) -> list[dict[str, Any]]:
    """Give every heading an id made of its words, and return them all; levels go down one at a time."""
    headings: list[dict[str, Any]] = []
    taken: set[str] = set()
    numbers: defaultdict[str, count] = defaultdict(lambda: count(2))
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            text, level = _text(inline), int(token.tag[1])
            if level > (headings[-1]["level"] if headings else 1) + 1:
                raise MarkdownError(token.map[0] + 1, _("A level of headings is left out: “##” comes before “###”."))
            slug = name = f"h-{prefix}{slugify(text, allow_unicode=True) or 'heading'}"
            while name in taken:
                name = f"{slug}-{next(numbers[slug])}"
            taken.add(name)
            token.attrSet("id", name)
            headings.append({"id": name, "text": text, "level": level})
    return headings


def _finish_tables(tokens: list[Token]) -> None:
    """Make tables accessible: named by their header row, with classes instead of styles for alignment."""
    table: Token | None = None
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "table_open":
            table = token
            table.meta["header"] = []
        elif token.type in {"th_open", "td_open"}:
            _finish_cell(token, following, table)
        elif token.type == "table_close" and not table.meta["header"]:
            raise MarkdownError(table.map[0] + 1, _("A table needs words in its header row."))


def _finish_cell(cell: Token, inline: Token, table: Token) -> None:
    style = cell.attrs.pop("style", "")
    if style in _ALIGNED:
        cell.attrSet("class", _ALIGNED[style])
    if cell.type == "th_open" and (text := _text(inline)):
        cell.attrSet("scope", "col")
        table.meta["header"].append(text)


def _text(inline: Token) -> str:
    """Return the words of an inline token."""
    shown = (
        " " if child.type in {"softbreak", "hardbreak"} else child.content
        for child in inline.children or []
        if child.type != "footnote_ref"
    )
    return "".join(shown).strip()


# --- Rendering ----------------------------------------------------------------------------------------------


def _segments(tokens: list[Token], env: dict[str, Any]) -> list[dict[str, Any]]:
    """Cut top-level *tokens* at the parts placed in them; footnotes come last."""
    segments: list[dict[str, Any]] = []
    chunk: list[Token] = []
    for token in tokens:
        if token.type in {"part", "part_open"}:
            segments += [*_html_segment(chunk, env), {**token.meta}]
            chunk = []
        elif token.type == "part_close":
            segments[-1]["html"] = _render(chunk, env)
            chunk = []
        else:
            chunk.append(token)
    return segments + _html_segment(chunk, env)


def _html_segment(chunk: list[Token], env: dict[str, Any]) -> list[dict[str, Any]]:
    markup = _render(chunk, env)
    return [{"html": markup}] if markup else []


def _render(chunk: list[Token], env: dict[str, Any]) -> str:
    md = _parser()
    return clean_html(md.renderer.render(chunk, md.options, env)).strip()


def _footnote_name(token: Token, env: dict[str, Any]) -> str:
    return f"{env['prefix']}{token.meta['id'] + 1}"


def _footnote_mark_name(token: Token, env: dict[str, Any]) -> str:
    times = token.meta["subId"]
    return _footnote_name(token, env) + (f"-{times + 1}" if times else "")


def _render_ref(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    token = tokens[place]
    return (
        f'<sup class="footnote-ref"><a href="#fn-{_footnote_name(token, env)}" role="doc-noteref"'
        f' id="fnref-{_footnote_mark_name(token, env)}">[{token.meta["id"] + 1}]</a></sup>'
    )


def _render_back(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    # U+FE0E keeps phones from showing the arrow as a picture.
    return (
        f' <a href="#fnref-{_footnote_mark_name(tokens[place], env)}" class="footnote-backref"'
        ' role="doc-backlink">↩\ufe0e</a>'
    )


def _render_note(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    return f'<li id="fn-{_footnote_name(tokens[place], env)}">'


def _render_table(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    # The wrapper scrolls sideways on a phone: it takes the focus, so it needs a name. No landmark: there may be many.
    name = ", ".join(tokens[place].meta["header"])
    name = name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<div class="table-wrap" tabindex="0" role="group" aria-label="{name}">\n<table>\n'


def _render_header_cell(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    """Return the start of a header cell; an empty one is no header of anything."""
    attributes = "".join(f' {name}="{value}"' for name, value in tokens[place].attrs.items())
    return f"<th{attributes}>" if "scope" in tokens[place].attrs else f"<td{attributes}>"


def _render_header_end(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
    empty = not _text(tokens[place - 1])
    return "</td>\n" if empty else "</th>\n"


def _fixed(markup: str) -> Any:
    def render(tokens: list[Token], place: int, options: Any, env: dict[str, Any]) -> str:
        return markup

    return render


_RENDERED = {
    "footnote_ref": _render_ref,
    "footnote_anchor": _render_back,
    "footnote_open": _render_note,
    "footnote_close": _fixed("</li>\n"),
    "footnote_block_open": _fixed('<section class="footnotes">\n<ol>\n'),
    "footnote_block_close": _fixed("</ol>\n</section>\n"),
    "table_open": _render_table,
    "table_close": _fixed("</table>\n</div>\n"),
    "th_open": _render_header_cell,
    "th_close": _render_header_end,
}
