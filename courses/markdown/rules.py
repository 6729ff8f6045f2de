"""What our Markdown knows beyond CommonMark: directives, glossary marks, and footnotes that must be right."""

import re
from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from courses.constants import KEY_MAX_LENGTH
from courses.markdown.errors import MarkdownError

PLACED = ("reflection", "case-study", "figure")
SEE_ALSO = "see-also"
DIRECTIVES = (*PLACED, SEE_ALSO)

_KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_DIRECTIVE = re.compile(r":::([a-z-]+)((?: +\S+)*) *")
_TARGET = re.compile(rf"topics/{_KEY}(?:/{_KEY})?|(?!topics\b)(?:{_KEY})(?:/topic-[0-9]+)?")
_TERM = re.compile(r"\[\[([^\[\]|\n]*)(?:\|([^\[\]|\n]*))?\]\]")

# Deeper nesting than anybody reads; the parser leaves out what is below, so the compiler refuses it.
MAX_NESTING = 20


def parser() -> MarkdownIt:
    """Return a parser for bodies. It holds no state between texts."""
    md = MarkdownIt("commonmark", {"html": False, "typographer": False, "maxNesting": MAX_NESTING})
    md.enable("table")
    md.use(deflist_plugin)
    md.use(footnote_plugin, inline=False, always_match_refs=True)
    # Every address reaches the compiler, which refuses bad ones by their line instead of showing them as text.
    md.validateLink = lambda url: True
    md.block.ruler.before("fence", "directive", _directive, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    for name, rule in (
        ("link", link),
        ("image", image),
        ("autolink", autolink),
        ("footnote_ref", partial(footnote_ref, always_match=True)),
    ):
        md.inline.ruler.at(name, _with_line(rule))
    md.inline.ruler.before("link", "term", _term)
    md.core.ruler.after("block", "footnotes_defined", _footnotes_defined)
    md.core.ruler.at("inline", _inline)
    md.core.ruler.before("footnote_tail", "footnotes_used", _footnotes_used)
    return md


# --- Directives ---------------------------------------------------------------------------------------------


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Recognize `:::name key` and turn it into one token, or for see-also into `part_open`, inline, `part_close`."""
    if not _line(state, start).startswith(":::") or state.is_code_block(start):
        return False
    name, keys = _parse_directive(state, start)
    if silent:
        return True
    last = start if name in PLACED else _find_close(state, start)
    if last + 1 < state.lineMax and not state.isEmpty(last + 1):
        raise MarkdownError(last + 2, _("Leave a blank line after a directive."))
    if name in PLACED:
        token = state.push("part", "", 0)
        token.map, token.meta = [start, start + 1], {"part": name, "key": keys[0]}
    else:
        _push_see_also(state, start, last, keys)
    state.line = last + 1
    return True


def _parse_directive(state: StateBlock, line: int) -> tuple[str, list[str]]:
    """Return the name and the keys of the directive on *line*. Raises MarkdownError when it is not in order."""
    text = state.src[state.src.rfind("\n", 0, state.eMarks[line]) + 1 : state.eMarks[line]]
    if not text.startswith(":::"):
        raise MarkdownError(
            line + 1, _("A directive stands at the start of a line, outside of lists, quotes and footnotes.")
        )
    if text.strip() == ":::":
        raise MarkdownError(line + 1, _("“:::” closes nothing here."))
    found = _DIRECTIVE.fullmatch(text)
    if not found or found[1] not in DIRECTIVES:
        raise MarkdownError(
            line + 1,
            _("“%(text)s” is not a directive. There are “:::reflection KEY”, “:::case-study KEY”, “:::figure KEY” "
              "and “:::see-also TARGET …”.") % {"text": text.strip()},
        )  # fmt: skip
    # Right below a list or quote, too, a line that starts at the margin would only continue the line above it.
    if line > 0 and not state.isEmpty(line - 1):
        raise MarkdownError(line + 1, _("Leave a blank line before a directive."))
    name, keys = found[1], found[2].split()
    _check_keys(line + 1, name, keys)
    return name, keys


def _check_keys(line: int, name: str, keys: list[str]) -> None:
    if name == SEE_ALSO:
        bad = [key for key in keys if not _TARGET.fullmatch(key)]
        if bad or not keys:
            raise MarkdownError(
                line,
                _("“:::see-also” needs targets like “module-3”, “module-3/topic-2”, “topics/TOPIC” or "
                  "“topics/TOPIC/SECTION”, not “%(targets)s”.") % {"targets": " ".join(bad)},
            )  # fmt: skip
    elif len(keys) != 1 or not is_key(keys[0]):
        raise MarkdownError(
            line, _("“:::%(name)s” needs exactly one key: lower-case letters, digits, hyphens.") % {"name": name}
        )


def is_key(text: str) -> bool:
    """Return whether *text* can be a key."""
    return len(text) <= KEY_MAX_LENGTH and re.fullmatch(_KEY, text) is not None


def _find_close(state: StateBlock, start: int) -> int:
    """Return the line with the `:::` that closes the see-also of line *start*; its subject is one paragraph."""
    for line in range(start + 1, state.lineMax):
        text = _line(state, line).rstrip()
        if text == ":::" and state.sCount[line] == 0:
            if line == start + 1:
                raise MarkdownError(start + 1, _("“:::see-also” needs its subject in the lines below it."))
            return line
        if not text or text.startswith(":::"):
            break
    raise MarkdownError(start + 1, _("“:::see-also” is not closed: its subject in a line or two, then “:::” alone."))


def _push_see_also(state: StateBlock, start: int, last: int, targets: list[str]) -> None:
    token = state.push("part_open", "", 1)
    token.map, token.meta = [start, last + 1], {"part": SEE_ALSO, "targets": targets}
    token = state.push("inline", "", 0)
    token.content = state.getLines(start + 1, last, 0, False).strip()
    token.map, token.children = [start + 1, last], []
    state.push("part_close", "", -1)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


# --- Glossary marks -----------------------------------------------------------------------------------------


def _term(state: StateInline, silent: bool) -> bool:
    """Turn `[[key]]` and `[[key|shown]]` into a link to the term; `[[` of any other kind is refused."""
    if not state.src.startswith("[[", state.pos):
        return False
    found = _TERM.match(state.src, state.pos)
    shown = found and (found[2] if found[2] is not None else found[1].replace("-", " ")).strip()
    if not found or not is_key(found[1]) or not shown:
        raise MarkdownError(
            _line_of(state, state.pos),
            _("“[[” begins a glossary mark, “[[key]]” or “[[key|shown]]” (“\\|” in a table); write “\\[[” for the "
              "brackets themselves."),
        )  # fmt: skip
    if not silent:
        token = state.push("term_open", "a", 1)
        token.attrs = {"class": "term", "href": f"#term-{found[1]}"}
        token.meta = {"key": found[1], "line": _line_of(state, state.pos)}
        token = state.push("text", "", 0)
        token.content = shown
        state.push("term_close", "a", -1)
    state.pos = found.end()
    return True


def _line_of(state: StateInline, place: int) -> int:
    return state.env["line"] + state.src.count("\n", 0, place)


def _with_line(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Let the token that *rule* makes know its line: breaks inside code or a title leave no token to count."""

    def placed(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        for token in state.tokens[before:] if found else []:
            if token.type in {"link_open", "image", "footnote_ref"} and "line" not in token.meta:
                token.meta["line"] = _line_of(state, start)
        return found

    return placed


def _inline(state: StateCore) -> None:
    """Parse inline text like the parser's own rule, but let the rules know their line, counted from 1."""
    for token in state.tokens:
        if token.type == "inline":
            state.env["line"] = token.map[0] + 1
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


# --- Footnotes ----------------------------------------------------------------------------------------------


def _footnotes_defined(state: StateCore) -> None:
    """Remember the line of each footnote's text; two texts for one mark are refused."""
    defined = state.env["footnotes_defined"] = {}
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            if label in defined:
                raise MarkdownError(token.map[0] + 1, _("The footnote [^%(label)s] has two texts.") % {"label": label})
            defined[label] = token.map[0] + 1


def _footnotes_used(state: StateCore) -> None:
    """Refuse a footnote mark without text, and a text without mark: it would not be shown."""
    defined, used = state.env["footnotes_defined"], set()
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "footnote_ref":
                used.add(child.meta["label"])
                _check_defined(child, defined)
    for label, line in defined.items():
        if label not in used:
            raise MarkdownError(line, _("The footnote [^%(label)s] is never used.") % {"label": label})


def _check_defined(ref: Token, defined: dict[str, int]) -> None:
    label = ref.meta["label"]
    if label not in defined:
        reason = _("The footnote [^%(label)s] has no text: add “[^%(label)s]: …” below.") % {"label": label}
        raise MarkdownError(ref.meta["line"], reason)
