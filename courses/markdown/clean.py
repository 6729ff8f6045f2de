"""The last word on markup: whatever the compiler made, only this leaves it."""

import html
import re

import nh3

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")

_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "sup", "a", "img"),
        *("ul", "ol", "li", "dl", "dt", "dd", "section"),
        *("div", "table", "thead", "tbody", "tr", "th", "td"),
        *_HEADINGS,
    },
    attributes={
        "a": {"href", "id", "title", "rel"},
        "img": {"src", "alt", "title"},
        "li": {"id"},
        "ol": {"start"},
        "div": {"aria-label"},
        **{heading: {"id"} for heading in _HEADINGS},
    },
    tag_attribute_values={
        "a": {"role": {"doc-noteref", "doc-backlink"}},
        "div": {"role": {"group"}, "tabindex": {"0"}},
        "img": {"loading": {"lazy"}},
        "th": {"scope": {"col"}},
    },
    allowed_classes={
        "a": {"term", "footnote-backref"},
        "div": {"table-wrap"},
        "section": {"footnotes"},
        "sup": {"footnote-ref"},
        "th": {"text-center", "text-end"},
        "td": {"text-center", "text-end"},
    },
    clean_content_tags={"script", "style"},
    url_schemes={"https", "http", "mailto"},
    # The compiler says which links leave the site.
    link_rel=None,
)


def clean_html(markup: str) -> str:
    """Return *markup* with nothing in it but the elements, attributes, classes and schemes of our own bodies."""
    return _CLEANER.clean(markup)


_TAG = re.compile(r"<[^>]*>")
_OWN_NAME = re.compile(r' (id="|href="#)(h|fn|fnref)-')
_HEADING = re.compile(r"^(</?h)([2-5])\b")


def beneath(markup: str, prefix: str) -> str:
    """Return clean *markup* to stand with others beneath a heading of level 2.

    Its own headings go down one level; *prefix* stands in the ids that compiling gave them, and in links to these.
    """
    return _TAG.sub(
        lambda tag: _HEADING.sub(
            lambda heading: f"{heading[1]}{int(heading[2]) + 1}", _OWN_NAME.sub(rf" \1\2-{prefix}", tag[0])
        ),
        markup,
    )


# Marks of footnotes and the ways back from them, which nobody reads as words.
_SIGNS = re.compile(r"<sup\b[^>]*>.*?</sup>|<a [^>]*doc-backlink[^>]*>.*?</a>")
# Elements inside of a word; all others stand between words.
_INLINE = re.compile(r"</?(?:a|em|strong|code)\b[^>]*>")


def words_of(markup: str) -> str:
    """Return the words of clean *markup*, one space between them."""
    text = _INLINE.sub("", _SIGNS.sub("", markup))
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
