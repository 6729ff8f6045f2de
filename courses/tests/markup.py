"""Reading compiled HTML the way a browser does, for tests."""

from html.parser import HTMLParser

from courses.markdown import compile_body

# Everything that a body may turn into: elements, each with the attributes it may have.
ALLOWED = {
    **dict.fromkeys(("p", "br", "hr", "blockquote", "pre", "code", "em", "strong"), ()),
    **dict.fromkeys(("ul", "dl", "dt", "dd", "table", "thead", "tbody", "tr"), ()),
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6", "li"), ("id",)),
    "ol": {"start"},
    "section": {"class"},
    "sup": {"class"},
    "a": {"href", "id", "title", "rel", "role", "class"},
    "img": {"src", "alt", "title", "loading"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "th": {"scope", "class"},
    "td": {"class"},
}
VOID = {"br", "hr", "img"}
LINKS = ("https://", "http://", "mailto:", "/", "#")


class Audit(HTMLParser):
    """Reads HTML as a browser does, and fails on whatever is not on the list or not closed."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.ids = [], [], []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert set(attributes) <= set(ALLOWED[tag]), (tag, attributes)
        for name in ("href", "src"):
            address = (attributes.get(name) or "/").lower()
            assert address.startswith(LINKS), address
            assert not address.startswith(("//", "/\\")), address
        self.elements.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl):
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def html(text, **options):
    return "".join(segment.get("html", "") for segment in compile_body(text, **options)["segments"])


def audit(text, **options):
    return Audit(html(text, **options))
