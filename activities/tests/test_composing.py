"""An editor composes an activity of phases and tools: nonsense is refused with words, and what is left can be held."""

import pytest
from django.urls import reverse

from activities.models import Activity, Phase, Session
from activities.tests.activityfolder import CARDS as CARDS_FILE
from activities.tests.holding import do
from activities.tests.test_admin import errors
from activities.tools import tool_named
from conftest import make_cohort, make_user, signed_in
from courses.coursefiles import CourseFilesError, read_course
from courses.tests.admin_forms import add, edit, inline_row

PATH = "activities/01-introductions/phases/01-cards.md"


@pytest.mark.parametrize(
    ("name", "options", "questions", "faults"),
    [
        ("dot-vote", ["Health", "Schools"], 0, []),
        ("dot-vote", ["Health"], 2, ["it needs at least 2 options, one a line."]),
        ("dot-vote", ["Health", "health"], 2, ["“health” is there twice."]),
        ("dot-vote", ["Health", "x" * 121], 2, [f"“{'x' * 40}…” is too long: at most 120 characters fit."]),
        ("dot-vote", [str(number) for number in range(21)], 2, ["at most 20 options fit."]),
        ("sticky-notes", [], 0, []),
        ("sticky-notes", ["Good", "Bad"], 1, []),
        ("sticky-notes", list("ABCDEFG"), 1, ["at most 6 options fit."]),
        ("sticky-notes", ["Good", "Good"], 1, ["“Good” is there twice."]),
        ("cards", [], 0, []),
        ("cards", [], 4, []),
        ("cards", ["Met", "Not here"], 1, []),
        ("cards", ["Met", "Not here"], 0, ["choose the questions whose answers are sorted into these."]),
        ("cards", ["Met"], 1, ["it needs at least 2 options, one a line."]),
        ("case-study", [], 3, []),
        ("case-study", [], 0, ["choose the questions that groups answer on their sheets."]),
        ("case-study", ["Yes", "No"], 1, ["this tool takes no options."]),
        ("presentations", [], 0, []),
        ("presentations", ["Yes", "No"], 0, ["this tool takes no options."]),
    ],
)
def test_a_tool_says_what_is_wrong_with_its_settings(name, options, questions, faults):
    assert list(tool_named(name).faults(options, questions)) == faults


@pytest.mark.parametrize(
    ("tool", "options", "words"),
    [
        ("dot-vote", "Health", "It needs at least 2 options, one a line."),
        ("sticky-notes", "Good\nGood", "“Good” is there twice."),
        ("case-study", "Yes\nNo", "This tool takes no options."),
    ],
)
def test_an_editor_is_told_in_the_admin_and_on_import(core, folder, as_dag, tool, options, words):
    phase = Phase.objects.get(key="cards")
    assert words in errors(edit(as_dag, phase, tool=tool, options=options))
    on_page = {"phases-0-tool": tool, "phases-0-options": options}
    assert words in errors(edit(as_dag, Activity.objects.get(key="introductions"), **on_page))
    assert phase.history.count() == 1

    lines = "".join(f"  {line}\n" for line in options.splitlines())
    folder.write(PATH, CARDS_FILE.replace("tool: cards\n", f"tool: {tool}\noptions: |-\n{lines}"))
    with pytest.raises(CourseFilesError) as caught:
        read_course(folder.root)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{PATH}:6: “options”: {words[0].lower()}{words[1:]}"
    ]


def test_an_old_mistake_holds_up_nobody_who_mends_something_else(core, as_dag):
    Phase.objects.filter(key="cards").update(tool="dot-vote")

    assert edit(as_dag, Phase.objects.get(key="cards"), title="Vote").status_code == 302


def test_a_new_activity_of_these_tools_is_composed_held_and_ended(core, as_dag):
    new = {"course": core.pk, "key": "new", "number": "7", "title": "New", "technique": "x", "summary": "x"}
    new |= {
        "stage": "opening",
        "place": "x",
        "size": "x",
        "body": "Work.",
        **inline_row("questions", 0, key="q", text="Why?"),
    }
    assert add(as_dag, Activity, **new).status_code == 302
    activity = Activity.objects.get(key="new")
    question = activity.questions.get()
    phases = [
        ("cards", "", [question.pk]), ("dot-vote", "Health\nSchools", []), ("case-study", "", [question.pk]),
        ("presentations", "", []), ("sticky-notes", "Good\nBad", []),
    ]  # fmt: skip
    for place, (tool, options, questions) in enumerate(phases):
        row = {"key": tool, "title": f"Do {tool}", "minutes": 5, "work": "plenary", "tool": tool, "options": options}
        row |= {"questions": questions, "instructions": "Do it.", "body": "Watch."}
        assert edit(as_dag, activity, **inline_row("phases", place, **row)).status_code == 302

    ada = make_user("ada@example.org", is_facilitator=True)
    cohort = make_cohort(core, ada)
    host = signed_in(ada)
    opened = host.post(reverse("session_prepare", args=[core.key, "new"]), {"cohort": cohort.public_id})
    session = Session.objects.get()
    assert opened.url == reverse("session_host", args=[session.public_id])
    host.post(reverse("session_verb", args=[session.public_id, "begin"]))
    for place, (tool, _options, _questions) in enumerate(phases, start=1):
        assert host.post(reverse("session_verb", args=[session.public_id, "resume"])).status_code == 302
        for face in ("session", "session_host", "session_screen"):
            assert f"Do {tool}" in host.get(reverse(face, args=[session.public_id])).text
        host.post(reverse("session_verb", args=[session.public_id, "go"]), {"from": place, "to": place + 1})
    assert do(host, session, "add-note", text="Well done", kind="Good").status_code == 302
    host.post(reverse("session_verb", args=[session.public_id, "end"]))
    assert "Well done" in host.get(reverse("session_results", args=[session.public_id])).text
