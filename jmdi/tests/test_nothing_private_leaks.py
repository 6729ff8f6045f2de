"""Words that only one person may read are looked for everywhere else: pages, search, exports, admin, mails, log.

The pages are those that the tables of access list, and every page of cohorts and of the admin that is linked from them.
"""

import io
import logging
import re
import zipfile
from collections import Counter, deque
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohorts import services
from cohorts.models import Pick
from cohorts.tests.sharing import QUESTION, make_sharers, share, url
from conftest import make_cohort, make_user, signed_in
from courses.models import Audience, ObjectiveRating
from courses.services import Draft, StaleTextError, add_next_step, save_note
from jmdi.tests.test_access import ROWS
from jmdi.tests.test_access_to_cohorts import COHORT_ROWS

CANARY = "kanarie"  # in every text that is Ben's alone
SHARED = "Our town grows like a pumpkin."
# Links to other places lead to what the tables list.
FOLLOWED = ("/cohorts/", "/admin/")
# Somewhere to stop, should links without end appear.
PAGES_MAX = 600


@pytest.fixture
def world(cohort, bens_membership, small, ada, dag, cleo):
    """Return everybody but Ben, by role. The others share enough for peers' answers to be open, and Ben has written."""
    cohort.has_peer_answers = True
    cohort.save()
    enrolment = bens_membership.enrolment
    share(enrolment, small, f"{CANARY} of before", Audience.PRIVATE)
    share(enrolment, small, f"{CANARY} of now", Audience.PRIVATE)
    topic = small.topics[0]
    save_note(enrolment=enrolment, topic_id=topic.pk, draft=Draft(text=f"{CANARY} in a note", version=0))
    with pytest.raises(StaleTextError):
        save_note(enrolment=enrolment, topic_id=topic.pk, draft=Draft(text=f"{CANARY} come late", version=0))
    add_next_step(enrolment=enrolment, text=f"{CANARY} to do", due_on=timezone.localdate())
    ObjectiveRating.objects.create(enrolment=enrolment, objective=topic.objectives.get(), moment="before", level=1)
    sharers = make_sharers(cohort, small, 6)
    make_cohort(small.course, cleo, name="Elsewhere")
    former, former_facilitator = make_user("former@example.org"), make_user("former-f@example.org")
    services.leave(membership=services.join(user=former, cohort=cohort))
    services.leave(membership=services.add_facilitator(user=former_facilitator, cohort=cohort))
    return {
        "visitor": None,
        "stranger": make_user("stranger@example.org"),
        "other facilitator": cleo,
        "former member": former,
        "former facilitator": former_facilitator,
        "participant": sharers[0].user,
        "facilitator": ada,
        "admin": dag,
    }


ROLES = [
    "visitor",
    "stranger",
    "other facilitator",
    "former member",
    "former facilitator",
    "participant",
    "facilitator",
    "admin",
]


def first_pages(cohort, *, with_accounts):
    """Yield every address that answers GET, as the tables of access have it, and searches for what must stay hidden."""
    for name, (arguments, method, data, _statuses) in ROWS.items():
        if method == "get" and (with_accounts or not name.startswith(("account_", "mfa_", "usersessions_"))):
            yield reverse(name, args=arguments), data
    for name, (arguments, method, data, _statuses) in COHORT_ROWS.items():
        if method == "get":
            keys = arguments(cohort) if callable(arguments) else arguments
            yield reverse(name, args=[cohort.public_id, *keys]), data
    for words in (CANARY, SHARED):
        yield reverse("course_search", args=["core"]), {"q": words}
        for model in ("accounts_user", "courses_question", "courses_section"):
            yield reverse(f"admin:{model}_changelist"), {"q": words}
    yield reverse("admin:index"), {}


def everything_of(user, cohort, *, is_thorough=False):
    """Open all that *user* can get at, and return what came back by address.

    Pages of one's own account, and the inside of the admin, only when it is to be thorough: they take long.
    """
    client = signed_in(user) if user else Client()
    found, alike, waiting = {}, Counter(), deque(first_pages(cohort, with_accounts=is_thorough))
    while waiting:
        address, data = waiting.popleft()
        key = address + "".join(f" {name}={value}" for name, value in data.items())
        if key in found:
            continue
        response = client.get(address, data)
        found[key] = words_of(response)
        # Sorted and filtered pages are followed, but not their combinations.
        if "?" not in address and (is_thorough or not address.startswith("/admin/")):
            waiting.extend((link, {}) for link in links_of(response, address, alike))
        assert len(found) < PAGES_MAX
    return found


def words_of(response) -> str:
    """Return the text of a page or of any file, also of one that is zipped (DOCX, XLSX)."""
    if response.get("Content-Type", "").startswith("text/event-stream"):
        response.close()
        return ""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as file:
            body = b"\n".join(file.read(name) for name in file.namelist())
    return f"{response.headers} {unescape(body.decode(errors='replace'))}"


def links_of(response, address, alike):
    """Yield the links to follow. Content has many pages of a kind in the admin: of these, two are enough."""
    if response.streaming or "html" not in response.get("Content-Type", ""):
        return
    for href in re.findall(r'href="([^"]*)"', response.text):
        link = urldefrag(urljoin(address, unescape(href))).url
        if link.startswith("/admin/"):
            link = link.partition("?")[0]
        if link.startswith("/admin/courses/"):
            kind = re.sub(r"\d+", "#", link)
            alike[kind] += 1
            if alike[kind] > 2:
                continue
        if link.startswith(FOLLOWED):
            yield link


def seen_in(words, found):
    """Return where *words* stand. An address that somebody typed may repeat them; that tells nothing."""
    return {key for key, text in found.items() if words in text and f"q={words}" not in key}


def cohorts_pages(found):
    """Return the pages of cohorts, without headers and tokens: those are new each time."""
    token = re.compile(r'csrfmiddlewaretoken" value="[^"]*"')
    return {key: token.sub("", text.partition("<body")[2]) for key, text in found.items() if key.startswith("/cohorts")}


def test_the_author_sees_all_of_it(world, cohort, ben):
    """Or the searches below would find nothing for want of anything to find."""
    found = everything_of(ben, cohort)

    for words in ("of before", "of now", "in a note", "come late", "to do"):
        assert seen_in(f"{CANARY} {words}", found), words


@pytest.mark.parametrize("role", ROLES)
def test_what_is_private_is_nowhere_for_anybody_else(world, cohort, caplog, role):
    caplog.set_level(logging.DEBUG)

    found = everything_of(world[role], cohort, is_thorough=True)

    assert seen_in(CANARY, found) == set()
    assert CANARY not in caplog.text
    assert found


def test_nor_is_it_in_what_facilitators_do_nor_in_mails_nor_in_the_log(world, cohort, bens_membership, caplog):
    caplog.set_level(logging.DEBUG)
    client = signed_in(world["facilitator"])
    answer = (*QUESTION, bens_membership.public_id)
    posts = [
        (url("cohort_reply", cohort, *answer), {"text": "", "audience": "author"}),
        (url("cohort_pick", cohort, *answer), {"action": "show", "version": 2}),
        *(
            (reverse(name, args=[cohort.public_id, *(keys(cohort) if callable(keys) else keys)]), data)
            for name, (keys, method, data, _statuses) in COHORT_ROWS.items()
            if method == "post"
        ),
    ]

    for address, data in posts:
        assert CANARY not in words_of(client.post(address, data, follow=True)), address

    assert not Pick.objects.filter(answer__enrolment=bens_membership.enrolment).exists()
    for message in mail.outbox:
        assert CANARY not in message.message().as_string()
    assert CANARY not in caplog.text


def test_what_somebody_says_of_their_own_level_leaves_no_trace_on_others_pages(world, cohort, ben, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    ratings = ObjectiveRating.objects.filter(enrolment__user=ben)
    for role in ("participant", "facilitator"):
        found = []
        for level in (1, 4):
            ratings.update(level=level)
            found.append(cohorts_pages(everything_of(world[role], cohort)))

        assert found[0] == found[1]


# --- Shared, and taken back ---------------------------------------------------------------------------------


@pytest.fixture
def shared(world, cohort, bens_membership, small):
    """Return a function that lets Ben share an answer with *audience*; facilitators do with it all that they can."""

    def do(audience):
        answer = share(bens_membership.enrolment, small, SHARED, audience)
        desk = cohort.memberships.get(user=world["facilitator"])
        for to in ("author", "cohort"):
            services.reply_to(membership=desk, answer=answer, text=f"Reply to {to}", audience=to)
        services.mark_for_plenary(cohort=cohort, answer=answer, is_marked=True)
        pick = services.put_on_screen(membership=desk, answer=answer, version=answer.version, asks_for_name=True)
        services.decide_on_showing(pick=pick, consent=Pick.Consent.GIVEN, version=answer.version)
        return answer

    return do


def names_of(keys):
    """Return pages of a cohort by what follows its own address."""
    paths = {key.split()[0].partition("?")[0].split("/", 3)[3] for key in keys}
    return {re.sub(r"[0-9a-f-]{36}", "…", path) for path in paths}


QUESTION_PAGE = "answers/" + "/".join(QUESTION) + "/"
PERSONS_PAGE = "progress/…/"
FACILITATORS_PAGES = {QUESTION_PAGE, PERSONS_PAGE, "answers/plenary/", "answers/screen/", "replies/…/"}


@pytest.mark.parametrize("audience", [Audience.FACILITATORS, Audience.COHORT])
def test_a_shared_answer_is_where_its_audience_reads_it_and_nowhere_else(world, cohort, shared, caplog, audience):
    caplog.set_level(logging.DEBUG)
    shared(audience)

    where = {role: names_of(seen_in(SHARED, everything_of(world[role], cohort))) for role in ROLES}

    peers = {"peers/" + "/".join(QUESTION) + "/"} if audience == Audience.COHORT else set()
    assert {role: pages for role, pages in where.items() if pages} == {
        "facilitator": FACILITATORS_PAGES,
        **({"participant": peers} if peers else {}),
    }
    assert SHARED not in caplog.text


@pytest.mark.parametrize(
    ("audience", "end"),
    [
        (Audience.FACILITATORS, "taken back"),
        (Audience.COHORT, "taken back"),
        (Audience.COHORT, "left"),
        (Audience.FACILITATORS, "moved"),
    ],
)
def test_afterwards_it_is_nowhere(world, cohort, bens_membership, small, shared, ben, audience, end):
    answer = shared(audience)
    if end == "taken back":
        share(bens_membership.enrolment, small, SHARED, Audience.PRIVATE)
    else:
        services.leave(membership=bens_membership)
    if end == "moved":
        services.join(user=ben, cohort=world["other facilitator"].memberships.get().cohort)

    for role in ROLES:
        found = everything_of(world[role], cohort)
        if (end, role) == ("moved", "other facilitator"):
            # Where he learns now, his facilitator reads it; what was said and chosen elsewhere stays behind.
            assert names_of(seen_in(SHARED, found)) == {QUESTION_PAGE, PERSONS_PAGE}
        else:
            assert seen_in(SHARED, found) == set(), role
        assert seen_in("Reply to", found) == set(), role
    answer.refresh_from_db()
    assert answer.text == SHARED


def test_a_removed_facilitator_sees_nothing_any_more(world, cohort, shared, cleo):
    shared(Audience.COHORT)
    services.add_facilitator(user=cleo, cohort=cohort)
    assert seen_in(SHARED, everything_of(cleo, cohort))

    services.leave(membership=cohort.memberships.get(user=cleo))

    assert seen_in(SHARED, everything_of(cleo, cohort)) == set()
