"""axe finds nothing on any page of ours: each role, light and dark, phone and desk."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.looking import blemishes
from activities import tools
from activities.models import Activity, ActivityQuestion, CardField, Example, Factor, Note
from activities.published import RECALLED, activities_of
from activities.services import (
    add_on_paper,
    arrive,
    begin,
    end_session,
    form_groups,
    give_extra_time,
    go_to,
    keep_draft,
    prepare_session,
    resume,
)
from activities.tests.factories import add_activity, make_case, make_session, seat_people
from activities.tests.holding import do, go_on, hold
from activities.tests.puzzling import client_of, make_puzzle
from activities.tools.sticky_notes import StickyNotes
from cohorts import services as cohort_services
from cohorts.peoplelist import read_text
from cohorts.tests.sharing import make_sharers, share
from conftest import signed_in
from courses import services
from courses.models import ReflectionPrompt
from courses.published import read

pytestmark = pytest.mark.browser

PAGES = {
    None: ["/", "/nothing/", "/join/", "/join/222222222/"],
    "ben": [
        "/",
        "/courses/core/",
        "/courses/core/challenges/",
        "/courses/core/challenges/print/?answers=1",
        "/courses/core/challenges/section-1/",
        "/courses/core/search/?q=local",
        "/courses/core/search/?q=nothing-like-it",
        "/courses/core/glossary/",
        "/courses/core/references/",
        "/courses/core/finish/",
        "/my/answers/",
        "/my/rescue/",
        "/cohorts/",
        "/activities/",
        "/activities/core/meeting/",
        "/activities/core/handouts/story/",
        "/nothing/",
    ],
    "ada": ["/activities/core/meeting/guide/", "/activities/core/guide/"],
}

# Of Ada's cohort, below its own address.
COHORT_PAGES = {
    "ada": [
        "",
        "edit/",
        "copy/",
        "leave/",
        "plan/",
        "agenda/",
        "agenda/propose/",
        "members/",
        "invite/",
        "invite/screen/",
        "progress/",
        "progress/?open=all&sort=-behind",
        "progress/?state=finished",
        "progress/questions/",
        "progress/{ben}/",
        "answers/",
        "answers/challenges/context/question-1/",
        "answers/challenges/context/question-2/",
        "answers/plenary/",
        "answers/screen/",
        "reminders/",
        "report/",
    ],
    "ben": [
        "",
        "leave/",
        "plan/",
        "agenda/",
        "members/",
        "peers/challenges/context/question-1/",
        "replies/",
    ],
}


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing(request, visit, small, role):
    add_activity(small)
    user = request.getfixturevalue(role) if role else None
    if role == "ben":
        request.getfixturevalue("enrolment")
    visitor = visit(user)

    for path in PAGES[role]:
        page = visitor.open(path)
        assert blemishes(page) == [], path


@pytest.mark.parametrize("role", COHORT_PAGES)
def test_axe_finds_nothing_on_the_pages_of_a_cohort(request, visit, cohort, bens_membership, role):
    visitor = visit(request.getfixturevalue(role))

    for path in COHORT_PAGES[role]:
        page = visitor.open(cohort.get_absolute_url() + path.format(ben=bens_membership.public_id))
        assert blemishes(page) == [], path


def test_axe_finds_nothing_on_the_way_into_a_cohort(visit, cohort, ada, cleo):
    cohort.allows_guests, cohort.place = True, "Sfax"
    cohort.save()
    code = cohort_services.make_code(cohort=cohort, by=ada, days=3, uses_max=40)
    people = read_text("Fatou <fatou@example.org>\nben@example.org\ncleo@example.org").people
    invited = cohort_services.invite(cohort=cohort, by=ada, people=people, site="http://testserver/").new
    cohort_services.withdraw(invitation=invited[0])
    facilitator, visitor = (visit(user) for user in (ada, None))
    invite, door = cohort.get_absolute_url() + "invite/", code.get_absolute_url()

    for path in [invite, f"{invite}screen/"]:
        assert blemishes(facilitator.open(path)) == [], path
    page = facilitator.open(invite)
    page.fill("textarea", "nobody\nnew@example.org\nben@example.org")
    page.click("text=Send invitations")
    assert blemishes(page) == [], "some were not invited"
    assert blemishes(visitor.open(invited[1].get_absolute_url())) == [], "invitation"
    page = visitor.open(door)
    assert blemishes(page) == [], door
    page.fill("input[name=name]", "Maria Quispe")
    page.click("text=Join as a guest")
    for path in ["/accounts/", "/accounts/email/", "/accounts/logout/", cohort.get_absolute_url()]:
        assert blemishes(visitor.open(path)) == [], path
    assert blemishes(visit(cleo).open(invited[2].get_absolute_url())) == []
    cohort_services.revoke_code(code=code)
    assert blemishes(visit(cleo).open(door)) == [], "ended"


def test_axe_finds_nothing_in_a_live_session(visit, small, cohort, bens_membership, ada, ben):
    session = make_session(small, cohort, ada)
    attendance = arrive(session=session, membership=bens_membership)
    give_extra_time(session=session, attendance=attendance.public_id, seconds=120)
    form = QueryDict("text=A market on Fridays")
    keep_draft(run=session.phases.first(), membership=bens_membership, action="place", data=form)
    cohort_services.make_code(cohort=cohort, by=ada, days=3, uses_max=40)
    plan = activities_of(read(small.course)).activity("sectors")
    prepared = prepare_session(activity=plan, cohort=cohort, facilitator=ada)

    def check(visitor, session, paths):
        for path in paths:
            visitor.page.goto(visitor.address + session.get_absolute_url() + path, wait_until="load")
            visitor.page.evaluate("document.querySelectorAll('main details').forEach((closed) => (closed.open = true))")
            assert blemishes(visitor.page) == [], path

    phone, desk = (visit(user) for user in (ben, ada))
    check(phone, session, [""])
    check(desk, session, ["", "host/", "screen/", "end/", "results/", "../"])
    check(desk, prepared, ["host/", "settings/", "screen/"])
    end_session(session=session)
    check(phone, session, ["", "results/", "../", "../../activities/core/sectors/"])
    check(desk, session, ["host/", "screen/"])


def test_axe_finds_nothing_on_notes_and_cards(visit, small, cohort, bens_membership, ada, ben):
    kinds = {"tool": "sticky-notes", "options": "Challenges\nOpportunities"}
    card = {"tool": "cards", "work": "plenary"}
    phases = [
        {"tool": "cards"},
        {**card, "per": "person", "minutes": 2},
        {**card, "questions": ["wish"], "options": "Met\nNot here"},
        {**card, "questions": []},
        kinds,
        {**kinds, "work": "plenary"},
    ]
    session = hold(small, cohort, ada, phases, {"name-and-organization": "Who are you?", "wish": "What for?"})
    as_ada, as_ben = signed_in(ada), signed_in(ben)
    visitors = [visit(user) for user in (ben, ada)]

    def look(step):
        for visitor, paths in zip(visitors, ([""], ["host/", "screen/"]), strict=True):
            for path in paths:
                visitor.page.goto(visitor.address + session.get_absolute_url() + path, wait_until="load")
                visitor.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                assert blemishes(visitor.page) == [], f"{step} {path}"

    wish = ActivityQuestion.objects.get(key="wish").pk
    do(as_ben, session, "save-card", **{f"text-{wish}": "A bridge", f"drawing-{wish}": "[[0,0,9,9]]"})
    look("cards")
    go_on(session)
    do(as_ada, session, "next-turn", target=0)
    look("a turn")
    go_on(session)
    field = CardField.objects.get().pk
    do(as_ada, session, "sort-cards", **{f"verdict-{field}": "Met", f"reason-{field}": "Soon."})
    look("sorted")
    go_on(session)
    look("objectives")
    go_on(session)
    for text, kind in (("Trust", "Challenges"), ("Time", "Opportunities"), ("Rent", "Challenges")):
        do(as_ben, session, "add-note", text=text, kind=kind)
    notes = {note.text: note.public_id for note in Note.objects.all()}
    do(as_ada, session, "cluster", note=[notes["Trust"]], cluster="People")
    do(as_ada, session, "hide-note", target=notes["Rent"])
    do(as_ada, session, "summarize", text="It takes both.", version=0)
    look("notes")
    do(as_ada, session, "read-note", target=notes["Time"])
    look("reading")


def test_axe_finds_nothing_while_initiatives_are_told_and_people_interviewed(
    visit, small, cohort, bens_membership, ada, ben
):
    options = "Dialogue | Meetings\nDialogue | Boards\nSkills | Training"
    session = hold(
        small, cohort, ada,
        [
            {"tool": "pinned-examples", "options": options},
            {"tool": "pinned-examples", "options": options, "work": "plenary"},
            {"tool": "interview", "work": "plenary"},
        ],
        {"nexus": "What is the Nexus?", "cycle": "Which phases?", "law": "Which laws?"},
    )  # fmt: skip
    arrive(session=session, membership=bens_membership)
    as_ada, as_ben = signed_in(ada), signed_in(ben)
    host, phone = (visit(user) for user in (ada, ben))

    def look(step: str) -> None:
        for visitor, paths in ((host, ("host/", "screen/", "results/")), (phone, ("",))):
            for path in paths:
                visitor.page.goto(visitor.address + session.get_absolute_url() + path, wait_until="load")
                visitor.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                assert blemishes(visitor.page) == [], f"{step} {path}"

    for what, part in (("Town meetings", "Meetings"), ("Evening classes", "Training"), ("Too loud", "Training")):
        do(as_ben, session, "add-example", part=part, **{"text-what": what, "text-place": "Sfax", "text-who": "City"})
    look("recalled")
    go_on(session)
    examples = {row.what: row.public_id for row in Example.objects.all()}
    do(as_ada, session, "hide-example", target=examples["Too loud"])
    look("before the first is told")
    do(as_ada, session, "add-example", part="Boards", **{"text-what": "Board"})
    do(as_ada, session, "tell", target=Example.objects.get(what="Board").public_id)
    do(as_ben, session, "ask-teller", example=Example.objects.get(what="Board").public_id, **{"text-question": "Who?"})
    look("told")
    go_on(session)
    for action in ("draw", "close-unclear", "draw"):
        run = session.phases.get(position=3)
        do(as_ada, session, action, target=run.turn, **{"text-note": "Words"})
    look("interview")


def test_axe_finds_nothing_while_groups_work_on_a_case(visit, small, cohort, bens_membership, ada, ben):
    case = make_case(small, cohort, ada)
    for membership in (bens_membership, *seat_people(case, "Aya", "Bilal")):
        arrive(session=case, membership=membership)
    form_groups(session=case, number=1)
    begin(session=case)
    resume(session=case)
    write = reverse("session_write", args=[case.public_id, 1, 1, "why"])
    for email in ("aya@example.org", "ben@example.org"):
        signed_in(User.objects.get(email=email)).post(write, {"text": f"Drought, says {email}.", "version": 0})
    signed_in(ben).post(reverse("session_act", args=[case.public_id, "call"]))
    facilitator, participant = (visit(user) for user in (ada, ben))

    def check(visitor, *paths):
        for path in paths:
            visitor.page.goto(visitor.address + case.get_absolute_url() + path, wait_until="load")
            visitor.page.evaluate("document.querySelectorAll('main details').forEach((closed) => (closed.open = true))")
            assert blemishes(visitor.page) == [], path

    check(participant, "", "sheets/1/1/")
    check(facilitator, "host/", "host/groups/", "screen/", "sheets/1/1/")
    go_to(session=case, position=2, from_position=1)
    turn = reverse("session_act", args=[case.public_id, "turn"])
    signed_in(ada).post(f"{turn}?face=host", {"to": "1"})
    check(participant, "")
    check(facilitator, "host/", "screen/")


def test_axe_finds_nothing_on_a_puzzle_and_a_walk(visit, small, cohort, ada):
    session = make_puzzle(small, cohort, ada, ["Aya"], ["Bilal"])
    as_ada, as_aya, as_bilal = signed_in(ada), client_of(session, "Aya"), client_of(session, "Bilal")
    aya = User.objects.get(email="aya@example.org")
    visitors = [visit(user) for user in (aya, ada)]

    def look(step):
        for visitor, paths in zip(visitors, ([""], ["host/", "screen/"]), strict=True):
            for path in paths:
                visitor.page.goto(visitor.address + session.get_absolute_url() + path, wait_until="load")
                visitor.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                assert blemishes(visitor.page) == [], f"{step} {path}"

    for piece, place in (("3", "3"), ("4", "2")):
        do(as_aya, session, "put", piece=piece, place=place)
    do(as_aya, session, "add-missing", text="The mayor")
    look("puzzle")
    go_on(session)
    for client, at in ((as_aya, 2), (as_bilal, 1)):
        do(client, session, "leave", at=at, **{"text-strength": "Clear", "text-question": "Why?"})
    look("walk")
    go_on(session)
    do(as_ada, session, "show", target=1)
    look("original")
    end_session(session=session)
    visitors[0].page.goto(visitors[0].address + session.get_absolute_url() + "results/", wait_until="load")
    assert blemishes(visitors[0].page) == []


def test_axe_finds_nothing_on_a_balance_rounds_of_meeting_and_paper(visit, small, cohort, ada, ben):
    phases = [
        {"tool": "balance", "options": "Power\nNo power", "work": "plenary"},
        {"tool": "intervention-table", "work": "plenary"},
        {"tool": "meeting-rounds", "per": "round", "work": "pairs", "minutes": 3},
        {"tool": "cards"},
        {"tool": "dot-vote", "options": "Roads\nSchools"},
        {"tool": "sticky-notes", "options": "Challenges\nOpportunities"},
    ]
    session = hold(small, cohort, ada, phases, {"why": "Why migrate?"})
    seat_people(session, "Chipo")
    as_ada, as_ben = signed_in(ada), signed_in(ben)
    arrive(session=session, membership=cohort_services.join(user=ben, cohort=cohort))
    add_on_paper(session=session, name="Moussa", ticket=uuid4())
    visitors = [visit(user) for user in (ben, ada)]

    def look(step, participant=("",), facilitator=("host/", "screen/")):
        for visitor, paths in zip(visitors, (participant, facilitator), strict=True):
            for path in paths:
                visitor.page.goto(visitor.address + session.get_absolute_url() + path, wait_until="load")
                visitor.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
                assert blemishes(visitor.page) == [], f"{step} {path}"

    do(as_ben, session, "add-factor", text="Wages", kind="Power")
    do(as_ada, session, "add-factor", text="Earns more", kind="Power")
    do(as_ada, session, "is-effect", target=Factor.objects.get(text="Earns more").public_id)
    do(as_ada, session, "discuss-factor", target=Factor.objects.get(text="Wages").public_id)
    look("balance")
    go_on(session)
    do(as_ben, session, "add-point", text="Loans", level="national", place="both")
    look("table")
    go_on(session)
    look("before the rounds")
    do(as_ada, session, "plan-rounds", rounds=2)
    do(as_ada, session, "next-round", target=1)
    look("a round")
    url = reverse("session_paper_step", args=[session.public_id, 6])
    as_ada.post(url, {"ticket": uuid4(), "people": 2, "notes-1": "Rents"})
    keyed = [f"host/paper/{position}/" for position in range(1, 7)]
    look("paper", (), ("host/paper/", *keyed, "host/kit/", "host/to-paper/"))
    end_session(session=session)
    look("results", ("results/",), ())


def test_axe_finds_nothing_where_one_activity_goes_on_with_another(
    visit, small, cohort, bens_membership, ada, ben, monkeypatch
):
    monkeypatch.setitem(tools._TOOLS, RECALLED[0], StickyNotes())
    phases = [{"tool": RECALLED[0], "options": "Here\nThere"}, {"tool": "sticky-notes", "options": "Here\nThere"}]
    add_activity(small)
    for key, on in (("meeting", 1), ("held", 2)):
        day = cohort.today + timedelta(days=on)
        cohort.plan.create(kind="activity", activity_key=key, on=day, at=time(9), minutes=30)
    vote = make_session(small, cohort, ada)
    arrive(session=vote, membership=bens_membership)
    choice = vote.phases.first().choices.first().pk
    for colour in "ab":
        do(signed_in(ben), vote, "place", choice=choice, colour=colour)
    end_session(session=vote)
    case = make_case(small, cohort, ada)
    Activity.objects.filter(key__in=["sectors", "case"]).update(stage="topic", topic=small.topics[0])
    ReflectionPrompt.objects.update(for_next_steps=True)
    session = hold(small, cohort, ada, phases)
    for one in (case, session):
        arrive(session=one, membership=bens_membership)
        arrive(session=one, membership=cohort.memberships.get(user=ada))
    begin(session=case)
    do(signed_in(ben), session, "add-note", text="A market", kind="Here")
    go_on(session)
    phone, desk = (visit(user) for user in (ben, ada))

    def check(visitor, *paths):
        for path in paths:
            page = visitor.open(path)
            page.evaluate("document.querySelectorAll('main details').forEach((closed) => (closed.open = true))")
            page.wait_for_load_state("networkidle")
            assert blemishes(page) == [], path

    wish = f"first_day={cohort.today}&days=1&weekdays=0&starts=09:00&ends=09:20&lunch_at=12:00&lunch_minutes=60"
    agenda = f"agenda/propose/?{wish}&pause=5&people=9&group_size=3&reads=on&hold=meeting&moves=on"
    check(desk, f"{session.get_absolute_url()}host/", f"{case.get_absolute_url()}host/")
    check(desk, cohort.get_absolute_url() + agenda)
    check(phone, case.get_absolute_url(), "/activities/core/group-work/", "/courses/core/challenges/section-1/")
    assert phone.page.locator(".recalled", has_text="A market").count() == 1, "it unfolds where one plans"


@pytest.mark.parametrize("role", ["ada", "ben"])
def test_axe_finds_nothing_once_answers_are_shared(request, visit, small, cohort, bens_membership, ada, role):
    cohort.has_peer_answers = True
    cohort.save()
    desk = cohort.memberships.get(user=ada)
    for membership in (bens_membership, *make_sharers(cohort, small, 5)):
        answer = share(membership.enrolment, small, "Our town grows.", "facilitators")
        for audience in ("author", "cohort"):
            cohort_services.reply_to(membership=desk, answer=answer, text="Thank you.", audience=audience)
        cohort_services.mark_for_plenary(cohort=cohort, answer=answer, is_marked=True)
        cohort_services.put_on_screen(membership=desk, answer=answer, version=answer.version)
        share(membership.enrolment, small, "Our town grows.", "cohort")
    visitor = visit(request.getfixturevalue(role))

    own = {
        "ada": [f"replies/{desk.cohort.replies.first().public_id}/", "answers/screen/?all"],
        "ben": ["../../courses/core/challenges/section-1/"],
    }
    for path in [*COHORT_PAGES[role], *own[role]]:
        page = visitor.open(cohort.get_absolute_url() + path)
        page.evaluate("document.querySelectorAll('main details').forEach((closed) => (closed.open = true))")
        assert blemishes(page) == [], path


def test_axe_finds_nothing_once_objectives_are_rated_and_steps_promised(visit, small, ben, enrolment):
    topic, objective = small.topics[0], small.topics[0].objectives.get()
    for moment, level in (("before", 1), ("after", 3)):
        services.rate_objectives(enrolment=enrolment, topic_id=topic.pk, moment=moment, levels={objective.pk: level})
    step = enrolment.next_steps.create(text="Call them", due_on=date(2020, 1, 2))
    enrolment.next_steps.create(text="Write to them", due_on=date(2020, 1, 2), done_at=timezone.now())
    visitor = visit(ben)

    paths = ["/", "/courses/core/challenges/", "/courses/core/finish/"]
    for path in [*paths, f"/my/next-steps/{step.public_id}/", f"/my/next-steps/{step.public_id}/delete/"]:
        page = visitor.open(path)
        page.evaluate("document.querySelectorAll('main details').forEach((closed) => (closed.open = true))")
        assert blemishes(page) == [], path
