"""What only a browser can show of reading: words explained on the spot, figures, small screens, paper, no scripts."""

import pytest

from courses.models import Answer, SectionProgress

SECTION = "/courses/core/challenges/section-1/"

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(visit, small, enrolment, ben):
    return visit(ben)


def test_a_word_is_explained_on_the_spot_by_keyboard(reader):
    page = reader.open(SECTION)
    term = page.locator("a.term").first

    term.focus()
    page.keyboard.press("Enter")
    assert page.locator(".term-card").inner_text().startswith("Diaspora")
    assert term.get_attribute("aria-expanded") == "true"

    page.keyboard.press("Escape")
    assert page.locator(".term-card").count() == 0
    assert term.evaluate("link => link === document.activeElement")


def test_a_word_is_explained_on_the_spot_by_touch(visit, small, enrolment, ben):
    page = visit(ben, width=360, has_touch=True).open(SECTION)

    page.locator("a.term").first.tap()
    assert page.get_by_text("People with a link to a place.").first.is_visible()

    page.locator("h1").tap()
    assert page.locator(".term-card").count() == 0


def test_a_figure_is_enlarged_and_left_again_by_keyboard(reader):
    page = reader.open(SECTION)
    button = page.locator("[data-enlarge]")

    button.press("Enter")
    assert page.get_by_role("dialog", name="The cycle").is_visible()

    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="The cycle").is_visible()
    assert button.evaluate("button => button === document.activeElement")


def test_marking_and_answering_keep_the_reader_where_they_are(reader):
    page = reader.open(SECTION)

    page.get_by_label("What about 1?").fill("A great deal.")
    page.get_by_role("button", name="Save").first.click()
    page.locator(".is-saved").wait_for()
    page.get_by_role("button", name="Mark as done").click()
    page.get_by_role("button", name="Not done after all").wait_for()

    assert page.url.endswith(SECTION)
    assert page.get_by_label("What about 1?").input_value() == "A great deal."
    assert "1 of 2 sections done, 1 of 2 questions answered" in page.locator("#contents").inner_text()


def test_opening_a_section_is_remembered_for_another_device(reader, visit, ben):
    reader.open("/courses/core/gender/section-1/")

    page = visit(ben, width=360).open("/")
    page.get_by_role("link", name="Continue").or_(page.get_by_role("link", name="Begin")).click()

    assert page.url.endswith("/courses/core/gender/section-1/")


def test_without_javascript_one_reads_answers_and_marks(visit, small, enrolment, ben):
    page = visit(ben, java_script_enabled=False).open(SECTION)

    page.get_by_label("What about 1?").fill("Written without scripts")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("button", name="Mark as done").click()
    page.locator("a.term").first.click()

    assert page.url.endswith("#term-diaspora")
    assert Answer.objects.get().text == "Written without scripts"
    assert SectionProgress.objects.get().done_at


@pytest.mark.parametrize("path", ["/", "/courses/core/", "/courses/core/challenges/", SECTION, "/my/answers/"])
def test_nothing_runs_off_the_side(visit, small, enrolment, ben, path):
    visitor = visit(ben, width=320)
    for direction, text_size in [("ltr", "100%"), ("rtl", "100%"), ("ltr", "200%")]:
        page = visitor.open(path)
        page.evaluate(
            "([direction, size]) => { document.dir = direction; document.documentElement.style.fontSize = size }",
            [direction, text_size],
        )
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (direction, text_size)


def test_on_paper_there_is_the_text_with_its_figure_in_words_and_no_buttons(reader):
    page = reader.open(SECTION)
    page.emulate_media(media="print")

    assert page.get_by_text("begins locally.").is_visible()
    assert not page.locator(".site-head").is_visible()
    assert not page.get_by_role("button", name="Mark as done").is_visible()
    assert page.locator(".figure svg").is_visible()
    assert page.locator(".figure details li").first.is_visible()


def test_light_and_dark_are_chosen_and_kept(reader):
    page = reader.open(SECTION)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)

    page.get_by_label("dark", exact=True).check()
    dark = page.evaluate(paper)
    assert dark != light

    assert reader.open(SECTION).evaluate(paper) == dark


def test_nothing_jumps_while_a_page_loads(reader):
    page = reader.open(SECTION)
    moved = page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 300);
        })"""
    )

    assert moved < 0.01
