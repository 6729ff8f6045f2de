"""axe finds nothing on any page of ours: each role, light and dark, phone and desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    None: ["/", "/nothing/"],
    "ben": [
        "/",
        "/courses/core/",
        "/courses/core/challenges/",
        "/courses/core/challenges/section-1/",
        "/courses/core/search/?q=local",
        "/courses/core/search/?q=nothing-like-it",
        "/courses/core/glossary/",
        "/courses/core/references/",
        "/courses/core/finish/",
        "/my/answers/",
        "/nothing/",
    ],
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing(request, visit, small, role, width, scheme):
    user = request.getfixturevalue(role) if role else None
    if user:
        request.getfixturevalue("enrolment")
    visitor = visit(user, width=width, color_scheme=scheme)

    for path in PAGES[role]:
        page = visitor.open(path)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == [], path
