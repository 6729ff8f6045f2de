"""What every test may use: a small course, and the cast.

Ada facilitates a cohort, Ben learns in it, Cleo learns elsewhere (and must never see Ben's things), Dag edits in the
admin.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from accounts.models import User
from cohorts import services as cohort_services
from cohorts.models import Cohort, Membership
from courses import published, services
from courses.models import (
    Course,
    Enrolment,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from jmdi import chromium as debian_chromium

if TYPE_CHECKING:
    import uvicorn

# As long as Playwright waits for anything else: several browsers share few processors.
expect.set_options(timeout=30_000)

SVG = (
    '<svg viewBox="0 0 340 40"><title>A loop</title><desc>Four steps</desc>'
    '<rect class="f-box" width="9" height="9"/></svg>'
)


@dataclass
class SmallCourse:
    """A course with two topics; the first section of the first topic holds one of everything."""

    course: Course
    topics: list[Topic] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def publish(self) -> None:
        """Show readers what the rows say now."""
        services.publish(course=self.course)
        self.course.refresh_from_db()


def make_course(key: str = "core", questions: int = 2) -> SmallCourse:
    """Make and publish a course whose first section has *questions* questions."""
    course = Course.objects.create(
        key=key,
        title="Migration and local development",
        short_title="Core Module",
        body="Welcome.",
        credits="By many.",
    )
    made = SmallCourse(course)
    RelatedModule.objects.create(course=course, key="module-3", title="Module 3: Services")
    Figure.objects.create(
        course=course,
        key="cycle",
        title="The cycle",
        caption="Four phases.",
        body="- leave\n- return",
        svg=SVG,
    )
    GlossaryTerm.objects.create(course=course, key="diaspora", term="Diaspora", body="People with a link to a place.")
    for number, topic_key in enumerate(["challenges", "gender"], start=1):
        topic = Topic.objects.create(
            course=course,
            key=topic_key,
            title=f"Topic on {topic_key}",
            short_title=topic_key.title(),
            position=number,
            body="Intro.",
        )
        LearningObjective.objects.create(course=course, topic=topic, key=f"{topic_key}-1", text=f"explain {topic_key}")
        KeyPoint.objects.create(topic=topic, key="point", text=f"remember {topic_key}")
        made.topics.append(topic)
        for place in (1, 2):
            made.sections.append(
                Section.objects.create(
                    topic=topic,
                    key=f"section-{place}",
                    title=f"Section {place} of {topic_key}",
                    position=place,
                    body=f"Reading about {topic_key}.",
                )
            )
    Reference.objects.create(
        course=course, key="tesson", authors="Tesson, S.", year="2014", title="A book", publisher="Paris"
    ).topics.add(made.topics[0])
    prompt = ReflectionPrompt.objects.create(
        topic=made.topics[0], key="context", title="Your context", body="Think of it."
    )
    made.questions = [
        Question.objects.create(prompt=prompt, key=f"question-{place}", text=f"What about {place}?", position=place)
        for place in range(1, questions + 1)
    ]
    first = made.sections[0]
    first.body = (
        "Every [[diaspora]] begins **locally**.\n\n:::reflection context\n\n:::figure cycle\n\n"
        ":::see-also module-3/topic-2 topics/gender/section-1\nServices nearby.\n:::\n"
    )
    first.save()
    made.publish()
    return made


def make_user(email: str, **fields) -> User:
    """Make somebody who can sign in, with a confirmed address."""
    user = User.objects.create_user(email, "correct horse battery", **{"name": email.split("@")[0].title(), **fields})
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


@pytest.fixture(autouse=True)
def passwords_are_hashed_quickly(settings):
    """Every test makes people; that Argon2 is slow is its own business."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def tasks_are_done_at_once(settings):
    """What a worker would do is done where it is asked for; jmdi/tests/test_background.py has real workers."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def small(db) -> SmallCourse:
    return make_course()


@pytest.fixture
def ben(db) -> User:
    return make_user("ben@example.org")


@pytest.fixture
def cleo(db) -> User:
    return make_user("cleo@example.org")


@pytest.fixture
def dag(db) -> User:
    return make_user("dag@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def ada(db) -> User:
    return make_user("ada@example.org", is_facilitator=True)


@pytest.fixture
def enrolment(small, ben) -> Enrolment:
    """Ben takes part in the small course."""
    return services.enrol(user=ben, course=small.course)


def make_cohort(course: Course, facilitator: User, **fields) -> Cohort:
    """Make a cohort of *course* that runs now."""
    today = timezone.localdate()
    return cohort_services.make_cohort(
        facilitator=facilitator,
        **{
            "course": course,
            "name": "Sfax 2026",
            "starts_on": today - timedelta(days=7),
            "ends_on": today + timedelta(days=7),
            **fields,
        },
    )


@pytest.fixture
def cohort(small, ada) -> Cohort:
    """Ada's cohort in the small course, with nobody else in it yet."""
    return make_cohort(small.course, ada)


@pytest.fixture
def bens_membership(cohort, ben) -> Membership:
    """Ben learns in Ada's cohort."""
    return cohort_services.join(user=ben, cohort=cohort)


def signed_in(user: User) -> Client:
    """Return a client in which *user* is signed in."""
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def as_ada(ada) -> Client:
    return signed_in(ada)


@pytest.fixture
def as_ben(ben) -> Client:
    return signed_in(ben)


@pytest.fixture
def as_cleo(cleo) -> Client:
    return signed_in(cleo)


@pytest.fixture
def as_dag(dag) -> Client:
    return signed_in(dag)


# --- Browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def site() -> Iterator["uvicorn.Server"]:
    """Run the site's own server in a thread, on the test database."""
    import uvicorn

    config = uvicorn.Config("jmdi.asgi:application", host="127.0.0.1", port=0, log_level="error")
    socket = config.bind_socket()
    instance = uvicorn.Server(config)
    thread = threading.Thread(target=instance.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    yield instance
    instance.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def server(site: "uvicorn.Server") -> str:
    """Return the address of the running site."""
    while not site.started:
        time.sleep(0.01)
    host, port = site.servers[0].sockets[0].getsockname()
    return f"http://{host}:{port}"


def wait_until_quiet(site: "uvicorn.Server") -> None:
    """Wait until nothing is being answered: a page that is closed may still have sent its text."""
    quiet_since = time.monotonic()
    while time.monotonic() < quiet_since + 0.1:
        if site.server_state.tasks:
            quiet_since = time.monotonic()
        time.sleep(0.01)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, which never leaves this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=debian_chromium.PATH, args=debian_chromium.FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser of their own. `complaints` collects what the browser's console says went wrong."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until it is quiet."""
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page

    def sign_in(self, user: User) -> None:
        """Enter as *user*, through a session as the sign-in page makes it."""
        client = signed_in(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}])


@pytest.fixture
def visit(
    site: "uvicorn.Server", server: str, chromium: Browser, transactional_db: None
) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a browser for one more person; every one of them must end without complaints."""
    published._kept.clear()
    visitors = []

    def open_browser(user: User | None = None, width: int = 1280, **options: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        visitor = Visitor(context, context.new_page(), server)
        context.on("console", lambda message: _note(visitor, message))
        context.on("request", lambda request: _note_stranger(visitor, request.url))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitors.append(visitor)
        if user:
            visitor.sign_in(user)
        return visitor

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    wait_until_quiet(site)
    for visitor in visitors:
        assert visitor.complaints == []


# What a test does on purpose: it asks for refusals, and cuts the connection.
_EXPECTED = (
    "the server responded with a status of",
    "Response Status Error Code",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION_FAILED",
    "net::ERR_FAILED",
    "htmx:sendError",
    "htmx:afterRequest",
)


def _note(visitor: Visitor, message: ConsoleMessage) -> None:
    if message.type == "error" and not any(expected in message.text for expected in _EXPECTED):
        visitor.complaints.append(message.text)


def _note_stranger(visitor: Visitor, url: str) -> None:
    if not url.startswith((visitor.address, "data:", "blob:")):
        visitor.complaints.append(f"asked another host: {url}")
