"""What somebody wrote (`courses.written`) as a file of their own: Markdown, HTML and DOCX, all from one structure."""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, RGBColor
from lxml.etree import SubElement

from courses.written import WrittenCourse, WrittenText


def facts(text: WrittenText) -> str:
    """Return when *text* was saved, in its author's zone, and who may read it."""
    saved = _("Saved %(date)s") % {"date": date_format(localtime(text.saved_at), "DATETIME_FORMAT")}
    return f"{saved} · {text.audience}"


def made_on() -> str:
    """Return the line that says when a file was made, with the zone of all its dates."""
    now = date_format(localtime(), "DATETIME_FORMAT")
    return _("As of %(date)s (%(zone)s)") % {"date": now, "zone": timezone.get_current_timezone_name()}


def visible(text: str) -> str:
    """Return *text* with a visible sign in place of each character that a document cannot hold."""
    return _UNFIT.sub(lambda match: _sign(match[0]), text)


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _sign(character: str) -> str:
    """Return ␇ for a bell and the like: Unicode draws the control characters in their order from U+2400."""
    if character == "\x7f":
        return "\u2421"
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"


# --- Markdown -----------------------------------------------------------------------------------------------


def as_markdown(courses: list[WrittenCourse], author: str) -> bytes:
    """Return a Markdown document; every text stands in it as it was typed."""
    lines = [f"# {_('My answers')}", "", f"{author} · {made_on()}", ""]
    for course in courses:
        lines += [f"## {course.title}", ""]
        for topic in course.topics:
            lines += [f"### {topic.heading}", ""]
            for part in topic.parts:
                lines += [f"#### {part.title}", ""]
                for text in part.texts:
                    lines += _markdown(text)
    return "\n".join(lines).encode()


def _markdown(text: WrittenText) -> list[str]:
    lines = [f"**{' '.join(text.question.split())}**", ""] if text.question else []
    if text.wording_note:
        lines += [f"*{' '.join(text.wording_note.split())}*", ""]
    return [*lines, text.text, "", f"*{facts(text)}*", ""]


# --- HTML ---------------------------------------------------------------------------------------------------


def as_html(courses: list[WrittenCourse], author: str) -> bytes:
    """Return one HTML file that needs nothing else: its own style, its own policy, no request to anywhere."""
    style = render_to_string("courses/take_home.css")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    page = render_to_string(
        "courses/take_home.html",
        {
            "courses": [_html_course(course) for course in courses],
            "author": author,
            "made_on": made_on(),
            # Our own file; its hash in the page's policy allows this style and nothing else.
            "style": format_html("<style>{}</style>", mark_safe(style)),  # noqa: S308
            "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            "language": get_language(),
            "direction": "rtl" if get_language_bidi() else "ltr",
        },
    )
    return visible(page).encode()


def _html_course(course: WrittenCourse) -> dict:
    topics = [
        {
            "heading": topic.heading,
            "parts": [
                {"title": part.title, "texts": [{"row": text, "facts": facts(text)} for text in part.texts]}
                for part in topic.parts
            ],
        }
        for topic in course.topics
    ]
    return {"title": course.title, "language": course.language, "topics": topics}


# --- DOCX ---------------------------------------------------------------------------------------------------
# python-docx keeps the package and its styles; the paragraphs are made with lxml, for its own way of adding one takes
# longer with each that is there already: minutes for a text of many short lines.


def as_docx(courses: list[WrittenCourse], author: str) -> bytes:
    """Return a document for word processors, with headings to navigate by; A4."""
    document = Document()
    _set_up(document, author)
    body = document.element.body
    page = body.sectPr
    body.remove(page)
    _paragraph(body, _("My answers"), style="Title")
    _paragraph(body, f"{author} · {made_on()}")
    for course in courses:
        _paragraph(body, course.title, style="Heading1")
        for topic in course.topics:
            _paragraph(body, topic.heading, style="Heading2")
            for part in topic.parts:
                _paragraph(body, part.title, style="Heading3")
                for text in part.texts:
                    _docx_text(body, text)
    body.append(page)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: DocxDocument, author: str) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        document.styles[name].font.color.rgb = RGBColor(0, 0, 0)
    quote = document.styles["Quote"]
    quote.font.italic = False
    quote.paragraph_format.left_indent = Mm(6)
    about = document.core_properties
    about.title, about.author, about.comments = visible(_("My answers")), visible(author), ""
    about.created = about.modified = timezone.now().replace(tzinfo=None)


def _docx_text(body: BaseOxmlElement, text: WrittenText) -> None:
    if text.question:
        _paragraph(body, text.question, "keepNext", "b")
    if text.wording_note:
        _paragraph(body, text.wording_note, "keepNext", "i")
    for block in text.text.split("\n\n"):
        _paragraph(body, block, style="Quote")
    _paragraph(body, facts(text))


def _paragraph(body: BaseOxmlElement, text: str, *marks: str, style: str = "") -> None:
    """Add a paragraph. *marks*: "keepNext" holds it on the page of the next one, "b" is bold, "i" italic."""
    is_rtl = _is_right_to_left(text)
    paragraph = SubElement(body, qn("w:p"))
    layout = SubElement(paragraph, qn("w:pPr"))
    if style:
        SubElement(layout, qn("w:pStyle")).set(qn("w:val"), style)
    if "keepNext" in marks:
        SubElement(layout, qn("w:keepNext"))
    run = SubElement(paragraph, qn("w:r"))
    look = SubElement(run, qn("w:rPr"))
    for mark in ("b", "i"):
        if mark in marks:
            SubElement(look, qn(f"w:{mark}"))
    if is_rtl:
        SubElement(layout, qn("w:bidi"))
        SubElement(look, qn("w:rtl"))
    for piece in re.split(r"([\n\r\t])", visible(text)):
        if piece in _BREAKS:
            SubElement(run, _BREAKS[piece])
        elif piece:
            words = SubElement(run, qn("w:t"))
            words.text = piece
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


_BREAKS = {"\n": qn("w:br"), "\r": qn("w:br"), "\t": qn("w:tab")}


def _is_right_to_left(text: str) -> bool:
    """Return whether the first letter of *text* is of such a script, as `dir=auto` finds it."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"


# --- The choice ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Format:
    """A kind of file that one can take home."""

    name: str
    ending: str
    content_type: str
    make: Callable[[list[WrittenCourse], str], bytes]


FORMATS = {
    "markdown": Format("Markdown", "md", "text/markdown; charset=utf-8", as_markdown),
    "html": Format("HTML", "html", "text/html; charset=utf-8", as_html),
    "docx": Format("DOCX", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
}
