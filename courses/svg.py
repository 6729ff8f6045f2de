"""Drawings: what of SVG a figure may be, as docs/content-format.md describes, and nothing else."""

import re
from collections.abc import Callable
from html import escape
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

MAX_LENGTH = 200_000
MAX_DEPTH = 20
WIDTH = "340"
_NAMESPACE = "http://www.w3.org/2000/svg"

_TEXT_CLASSES = frozenset({"f-title", "f-label", "f-small", "f-on-accent", "f-middle", "f-end"})
_SHAPE_CLASSES = frozenset(
    {"f-box", "f-accent", "f-hue", "f-alt", "f-line", "f-line-strong", "f-dash", "f-head", "f-bar", "f-bar-alt"}
)

_NUMBERS = re.compile(r"[-+0-9.eE,%\s]+")
_COMMON = {
    "id": re.compile(r"[A-Za-z][A-Za-z0-9_-]*"),
    "class": re.compile(r"[a-z\s-]+"),
    "transform": re.compile(r"(?:\s*(?:translate|rotate|scale|skewX|skewY|matrix)\([-+0-9.eE,\s]*\),?)+\s*"),
}
_MARKERS = {
    name: re.compile(r"url\(#([A-Za-z][A-Za-z0-9_-]*)\)") for name in ("marker-start", "marker-mid", "marker-end")
}
_SHAPE = {**_COMMON, **_MARKERS}


def _numbers(*names: str) -> dict[str, re.Pattern]:
    return dict.fromkeys(names, _NUMBERS)


_TEXT = {**_COMMON, **_numbers("x", "y", "dx", "dy", "rotate")}
_ELEMENTS: dict[str, dict[str, re.Pattern]] = {
    "svg": {
        "xmlns": re.compile(re.escape(_NAMESPACE)),
        "viewBox": re.compile(rf"0[ ,]+0[ ,]+{WIDTH}[ ,]+[1-9][0-9]*(?:\.[0-9]+)?"),
        "role": re.compile("img"),
        "aria-labelledby": re.compile(r"[A-Za-z0-9_ -]+"),
        "class": _COMMON["class"],
    },
    "title": {"id": _COMMON["id"]},
    "desc": {"id": _COMMON["id"]},
    "g": _SHAPE,
    "defs": {"id": _COMMON["id"]},
    "marker": {
        **_COMMON,
        **_numbers("viewBox", "refX", "refY", "markerWidth", "markerHeight"),
        "markerUnits": re.compile("strokeWidth|userSpaceOnUse"),
        "orient": re.compile(r"auto|auto-start-reverse|-?[0-9.]+"),
    },
    "path": {**_SHAPE, "d": re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9.,eE+\-\s]*")},
    "rect": {**_SHAPE, **_numbers("x", "y", "width", "height", "rx", "ry")},
    "circle": {**_SHAPE, **_numbers("cx", "cy", "r")},
    "ellipse": {**_SHAPE, **_numbers("cx", "cy", "rx", "ry")},
    "line": {**_SHAPE, **_numbers("x1", "y1", "x2", "y2")},
    "polyline": {**_SHAPE, **_numbers("points")},
    "polygon": {**_SHAPE, **_numbers("points")},
    "text": _TEXT,
    "tspan": _TEXT,
}
_WITH_TEXT = {"title", "desc", "text", "tspan"}
_PARENTS = {"title": {"svg"}, "desc": {"svg"}, "tspan": {"text", "tspan"}, "marker": {"defs"}}


class SvgError(ValueError):
    """A drawing that is not accepted: the *reason*, and the *line* where that is known, counted from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(_("Line %(line)s: %(reason)s") % {"line": line, "reason": reason} if line else reason)
        self.reason = reason
        self.line = line


def clean_svg(text: str, *, prefix: str) -> str:
    """Return the drawing in *text* as it stands in a page: only what is allowed, ids made unique by *prefix*.

    Cleaning what is clean changes nothing. Raises SvgError for a drawing with anything else in it.
    """
    return _Drawing(text, own=f"fig-{prefix}-").write_placed()


def svg_source(svg: str, *, prefix: str) -> str:
    """Return the clean drawing *svg* as its file: short ids again, and the namespace that a viewer needs."""
    return _Drawing(svg, own=f"fig-{prefix}-").write_source()


class _Drawing:
    """A drawing while it is read: a flat list of starts, texts and ends, each checked when it comes."""

    def __init__(self, text: str, *, own: str) -> None:
        self.own = own
        self.events: list[tuple[str, Any]] = []
        self.open: list[str] = []
        self.ids: set[str] = {"title", "desc"}
        self.used: list[tuple[str, int]] = []
        self.words = {"title": "", "desc": ""}
        self.children = 0
        self._read(text)

    # --- Reading

    def _read(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise SvgError(_("The drawing is longer than %(most)s characters.") % {"most": MAX_LENGTH})
        # An XML declaration stands at the very start, or the parser refuses it.
        self.skipped = text[: len(text) - len(text.lstrip())].count("\n")
        parser = self.parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse(_("A document type (and entities) are not allowed."))
        parser.ProcessingInstructionHandler = self._refuse(_("Processing instructions are not allowed."))
        try:
            parser.Parse(text.strip().encode(errors="replace"), True)
        except expat.ExpatError as error:
            reason = _("This is not well-formed SVG: %(reason)s.") % {"reason": expat.ErrorString(error.code)}
            raise self._error(reason) from error
        self._check_whole()

    def _refuse(self, reason: str) -> Callable[..., None]:
        def refuse(*_args: Any) -> None:
            raise self._error(reason)

        return refuse

    def _error(self, reason: str) -> SvgError:
        return SvgError(reason, self._line())

    def _line(self) -> int:
        return self.skipped + self.parser.CurrentLineNumber

    def _start(self, name: str, flat: list[str]) -> None:
        self._check_place(name)
        attributes = {
            attribute: self._attribute(name, attribute, " ".join(value.split()))
            for attribute, value in zip(flat[::2], flat[1::2], strict=True)
        }
        if not self.open and "viewBox" not in attributes:
            raise self._error(_("The drawing needs a viewBox, “0 0 %(width)s HEIGHT”.") % {"width": WIDTH})
        self.open.append(name)
        self.events.append(("start", (name, attributes)))

    def _check_place(self, name: str) -> None:
        if name not in _ELEMENTS:
            raise self._error(
                _("<%(name)s> is not allowed; there are: %(known)s.") % {"name": name, "known": " ".join(_ELEMENTS)}
            )
        parent = self.open[-1] if self.open else ""
        if (name == "svg") != (parent == "") or parent not in _PARENTS.get(name, {parent}):
            raise self._error(_("<%(name)s> cannot stand here.") % {"name": name})
        if parent in _WITH_TEXT and name != "tspan":
            raise self._error(_("<%(name)s> cannot stand in <%(parent)s>.") % {"name": name, "parent": parent})
        if len(self.open) >= MAX_DEPTH:
            raise self._error(_("The drawing is nested too deeply."))
        if parent == "svg":
            self.children += 1
            if (self.children == 1) != (name == "title") or (self.children == 2) != (name == "desc"):
                raise self._error(_("The drawing begins with one <title> and one <desc>, in this order."))

    def _attribute(self, name: str, attribute: str, value: str) -> str:
        """Return the value of an attribute, with ids in their short form."""
        pattern = _ELEMENTS[name].get(attribute)
        if pattern is None:
            raise self._error(
                _("The attribute “%(attribute)s” is not allowed on <%(name)s>; there are: %(known)s.")
                % {"attribute": attribute, "name": name, "known": " ".join(_ELEMENTS[name])}
            )
        if not pattern.fullmatch(value):
            raise self._error(
                _('%(attribute)s="%(value)s" is not allowed on <%(name)s>.')
                % {"attribute": attribute, "name": name, "value": value}
            )
        if attribute == "class":
            self._check_classes(name, value.split())
        elif attribute == "id" and name not in self.words:
            value = self._short(value)
            if value in self.ids:
                raise self._error(_("The id “%(id)s” is there twice.") % {"id": value})
            self.ids.add(value)
        elif attribute in _MARKERS:
            value = self._short(pattern.fullmatch(value)[1])
            self.used.append((value, self._line()))
        return value

    def _check_classes(self, name: str, classes: list[str]) -> None:
        known = _TEXT_CLASSES if name in {"text", "tspan"} else _SHAPE_CLASSES
        if name in {"g", "svg", "marker"}:
            known = _TEXT_CLASSES | _SHAPE_CLASSES
        for one in classes:
            if one not in known:
                raise self._error(
                    _("The class “%(class)s” is not allowed on <%(name)s>; there are: %(known)s.")
                    % {"class": one, "name": name, "known": " ".join(sorted(known))}
                )

    def _short(self, name: str) -> str:
        # No hyphen inside: “fig-a-b” can then never mean both figure “a” and figure “a-b”.
        return name.removeprefix(self.own).replace("-", "_")

    def _text(self, text: str) -> None:
        inside = self.open[-1]
        if inside in _WITH_TEXT:
            if inside in self.words:
                self.words[inside] += text
        elif text.strip():
            # It comes in one piece, at its end.
            line = self._line() - text.lstrip().count("\n")
            raise SvgError(_("Text stands in <text>, not in <%(name)s>.") % {"name": inside}, line)
        elif self.events[-1][0] == "text":
            return  # A comment stood between; one line end is enough.
        else:
            text = text[text.rfind("\n") :] if "\n" in text else ""
        self.events.append(("text", text))

    def _end(self, name: str) -> None:
        self.open.pop()
        self.events.append(("end", name))

    def _check_whole(self) -> None:
        for name, words in self.words.items():
            if not words.strip():
                raise SvgError(_("The drawing needs a <%(name)s> with words in it.") % {"name": name})
        for name, line in self.used:
            if name not in self.ids:
                raise SvgError(_("There is no marker with the id “%(id)s”.") % {"id": name}, line)

    # --- Writing

    def write_placed(self) -> str:
        """Return the drawing for a page: ids in full, and a name and description for those who cannot see it."""
        return self._write(self._placed)

    def write_source(self) -> str:
        """Return the drawing for a file."""
        return self._write(self._source) + "\n"

    def _placed(self, name: str, attributes: dict[str, str]) -> dict[str, str]:
        if name == "svg":
            kept = {key: attributes[key] for key in ("viewBox", "class") if key in attributes}
            return {**kept, "role": "img", "aria-labelledby": f"{self.own}title {self.own}desc"}
        if name in self.words:
            return {"id": self.own + name}
        full = {}
        for attribute, value in attributes.items():
            if attribute in _MARKERS:
                value = f"url(#{self.own}{value})"
            full[attribute] = self.own + value if attribute == "id" else value
        return full

    def _source(self, name: str, attributes: dict[str, str]) -> dict[str, str]:
        if name == "svg":
            kept = {key: attributes[key] for key in ("viewBox", "class") if key in attributes}
            return {"xmlns": _NAMESPACE, **kept}
        if name in self.words:
            return {}
        return {
            attribute: f"url(#{value})" if attribute in _MARKERS else value for attribute, value in attributes.items()
        }

    def _write(self, dress: Callable[[str, dict[str, str]], dict[str, str]]) -> str:
        written: list[str] = []
        for place, (kind, value) in enumerate(self.events):
            if kind == "text":
                written.append(escape(value, quote=False))
            elif kind == "end":
                # An element without content is closed in its own tag.
                if self.events[place - 1][0] == "start":
                    written[-1] = written[-1][:-1] + "/>"
                else:
                    written.append(f"</{value}>")
            else:
                name, attributes = value
                dressed = "".join(
                    f' {attribute}="{escape(text)}"' for attribute, text in dress(name, attributes).items()
                )
                written.append(f"<{name}{dressed}>")
        return "".join(written)
