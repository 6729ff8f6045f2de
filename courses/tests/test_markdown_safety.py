"""Whatever an author writes, in whatever place: what comes out is on the list of what may, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.markdown import MarkdownError, tidy
from courses.tests.markup import audit

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://evil.example';</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=x>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example>",
    "<link rel=stylesheet href=//evil.example>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "</textarea><script>alert(1)</script>",
    "</p></div></section><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "\\<script>alert(1)\\</script>",
    "{{ 7*7 }}{% load x %}",
]
ROOMS = [
    "%s",
    "## %s",
    "- %s",
    "> %s",
    "*%s*",
    "`%s`",
    "```%s\n%s\n```",
    "    %s",
    "%s\n: %s",
    "| %s |\n|---|\n| %s |",
    "x[^1]\n\n[^1]: %s",
    "[%s](/x)",
    "[x](/x '%s')",
    '[x](/x "%s")',
    "[x](</%s>)",
    "[x](/%s)",
    "![%s](/static/x.png)",
    "![x](/static/x.png '%s')",
    "![x](/static/%s)",
    "[[term|%s]]",
    ":::see-also module-1\n%s\n:::",
]


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_that_an_author_writes_gets_out_of_its_place(room):
    compiled = 0
    for payload in PAYLOADS:
        try:
            audit(room.replace("%s", payload))
        except MarkdownError:
            continue
        compiled += 1
    assert compiled > len(PAYLOADS) / 2


WORDS = st.sampled_from(
    [
        *"[]()<>*_`#|:!^\\\n\n\n \t&;\"'/-=~aé🙂", "[[", "]]", ":::", "[^1]", "[^1]: ", "\n\n", "- ",
        "> ", "    ", "|-|",
        "![x](/static/x)", "[x](/x)", "[[term]]", "\n\n:::figure x\n\n", "<script>", "&#60;", "javascript:", "\n: ",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_text_is_compiled_clean_or_refused_with_a_line_of_its_own(text):
    try:
        found = audit(text)
    except MarkdownError as error:
        assert 1 <= error.line <= tidy(text).count("\n") + text.count("\n") + 1
    else:
        assert len(found.ids) == len(set(found.ids))
