"""A room that holds an activity of the course's own content: a facilitator, the projector, six people at browsers.

Aya has no mouse, Bilal's browser runs no scripts, Chedi loses the connection in the middle.
"""

import os
from collections.abc import Callable
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from activities.models import Session
from activities.published import activities_of
from cohorts.tests.people import make_participant
from conftest import Visitor, make_cohort, make_user
from courses.models import Course
from courses.published import read

NAMES = ("Aya", "Bilal", "Chedi", "Dior", "Elhadj", "Fatou")
COURSE = settings.BASE_DIR / "fixtures" / "core-module"
# A room full of browsers shares two processors with other tests.
PATIENCE_MS = 30_000
# So long nothing gets through to or from Chedi; the wait is the browser's own, in real time.
CUT_MS = int(float(os.environ.get("CUT_SECONDS", "2")) * 1000)


class Room:
    """One activity, by its number, from opening the session to its results."""

    def __init__(self, visit: Callable[..., Visitor], number: str) -> None:
        call_command("import_course", COURSE, stdout=StringIO())
        course = Course.objects.get()
        self.plan = next(row for row in activities_of(read(course)).activities if row.number == number)
        ada = make_user("ada@example.org", name="Ada", is_facilitator=True)
        self.cohort = make_cohort(course, ada)
        self.members = {name: make_participant(self.cohort, name) for name in NAMES}
        self.visitors = {
            name: visit(
                self.members[name].user, width=1280 if name == "Elhadj" else 360, java_script_enabled=name != "Bilal"
            )
            for name in NAMES
        }
        for visitor in self.visitors.values():
            visitor.context.set_default_timeout(PATIENCE_MS)
        self.pages = {name: visitor.page for name, visitor in self.visitors.items()}
        self.facilitator = visit(ada)
        self.facilitator.context.set_default_timeout(PATIENCE_MS)
        self.console = self.facilitator.page
        # In a window of its own: a tab behind another draws once a second, and a click waits for two drawings.
        projector = visit(ada, width=1920)
        projector.context.set_default_timeout(PATIENCE_MS)
        self.screen = projector.page

    def open(self) -> None:
        """Open the session on the activity's page, put the projector on, and let everybody in, in their order."""
        self.console.goto(self.facilitator.address + self.plan.url)
        self.console.click("button:has-text('Open a session')")
        self.console.wait_for_selector("#step-title:has-text('Prepared')")
        self.session = Session.objects.get()
        self.path = self.session.get_absolute_url()
        self.screen.goto(self.facilitator.address + self.path + "screen/")
        for name, page in self.pages.items():
            page.goto(self.facilitator.address + self.path)
            if name == "Bilal":
                page.click("button:has-text('I am here')")
            page.wait_for_selector("[data-live-arrive]", state="detached")
        self.console.wait_for_selector("#here-title:has-text('(6)')")
        self.screen.wait_for_selector("text=6 people are here")

    def begin(self) -> None:
        """Begin with the first phase, and start its clock."""
        self.console.click("button:has-text('Begin')")
        self._start(1)

    def go_on(self) -> None:
        """Go to the next phase, and start its clock: all see it, those without scripts by opening the page again."""
        self.session.refresh_from_db()
        position = self.session.current.position + 1
        self.console.click(f"button:has-text('Next: {self.plan.phases[position - 1].title}')")
        self._start(position)

    def _start(self, position: int) -> None:
        title = self.plan.phases[position - 1].title
        self.console.wait_for_selector(f"#step-title:has-text('{position}. {title}')")
        self.console.click("button:has-text('Start the clock')")
        self.console.wait_for_selector("button:has-text('Pause')")
        self.pages["Bilal"].goto(self.facilitator.address + self.path)
        for page in (*self.pages.values(), self.screen):
            page.wait_for_selector(f"h1:has-text('{title}')")
            page.wait_for_selector("[data-clock][data-running='1']")

    def cut(self) -> None:
        """Nothing gets through to Chedi any more, nor from there."""
        self.visitors["Chedi"].context.set_offline(True)

    def mend(self) -> None:
        """Chedi is connected again, after a while without."""
        self.pages["Chedi"].wait_for_timeout(CUT_MS)
        self.visitors["Chedi"].context.set_offline(False)
        self.pages["Chedi"].wait_for_selector("[data-live-lost]", state="hidden")

    def end(self) -> None:
        """End the session, and let everybody open the results."""
        # What the browser says of requests that did not get through is no fault of the page.
        self.visitors["Chedi"].complaints.clear()
        self.console.click("a:has-text('End the session')")
        self.console.click("button:has-text('End it for everybody')")
        self.console.wait_for_selector(".live-results")
        self.screen.wait_for_selector("h1:has-text('Thank you')")
        self.pages["Bilal"].goto(self.facilitator.address + self.path)
        for page in self.pages.values():
            page.wait_for_selector("h1:has-text('This session has ended')")
        tab_to(self.pages["Aya"], "a[href$='/results/']")
        self.pages["Aya"].keyboard.press("Enter")
        self.pages["Bilal"].click("text=Our results")
        for name in ("Aya", "Bilal"):
            self.pages[name].wait_for_selector(".live-results")

    def results(self) -> tuple[str, str]:
        """Return the words that participants find in the results, and the file of them."""
        words = self.pages["Aya"].inner_text("main")
        assert self.pages["Bilal"].inner_text("main") == words
        file = self.visitors["Aya"].context.request.get(self.facilitator.address + self.path + "results/csv/")
        assert file.ok
        return words, file.text()

    def make_two_groups(self) -> dict[str, str]:
        """Make groups on the console: Aya, Bilal and Dior are to sit together. Return the number of each one's."""
        self.console.click(".console-links >> text=Groups")
        for other in ("Bilal", "Dior"):
            self.console.select_option("#id_one", label="Aya")
            self.console.select_option("#id_kind", "together")
            self.console.select_option("#id_other", label=other)
            self.console.click("button:has-text('Add this wish')")
            self.console.wait_for_selector(f".wishes li:has-text('{other}')")
        self.console.check("input[value=number]")
        self.console.fill("#id_number", "2")
        self.console.click("button:has-text('Make groups')")
        self.console.wait_for_selector("h2:has-text('Group 2')")
        self.console.click(".crumbs >> text=Console")
        self.console.wait_for_selector("#step-title")
        seats = self.session.attendances.exclude(seat=None).values_list("membership__user__name", "seat__group__number")
        numbers = {name: str(number) for name, number in seats}
        assert len(numbers) == len(NAMES)
        assert numbers["Aya"] == numbers["Bilal"] == numbers["Dior"] != numbers["Chedi"]
        assert numbers["Chedi"] == numbers["Elhadj"] == numbers["Fatou"]
        return numbers


def tab_to(page: Page, selector: str) -> None:
    """Go to something by the Tab key alone."""
    wanted = page.locator(selector).first
    for _step in range(120):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def press(page: Page, selector: str) -> None:
    """Press a button by the keyboard alone."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def has(place: Locator, text: str) -> None:
    """Wait until *text* stands in *place*."""
    expect(place).to_contain_text(text, timeout=PATIENCE_MS)
