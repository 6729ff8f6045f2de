"""Pinned examples: recalled alone, told to everybody, asked about; and nothing untold is seen by anybody else."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from activities import services
from activities.live.state import State, state_of
from activities.models import Example, ExampleBoard, ExampleQuestion, PaperEntry, Session
from activities.results import rows_of
from activities.tests.holding import bring, do, go_on, hold, mine, seen, somebody
from activities.tools.base import Keyed, RefusedError
from activities.tools.pinned_examples import PinnedExamples
from conftest import make_cohort, signed_in

OPTIONS = "Dialogue | Meetings\nDialogue | Boards\nSkills | Training"
PHASES = [
    {"title": "Recall", "tool": "pinned-examples", "options": OPTIONS},
    {"title": "Tell", "tool": "pinned-examples", "options": OPTIONS, "work": "plenary"},
    {"title": "Talk", "tool": "", "work": "plenary"},
]
TOOL = PinnedExamples()


@pytest.fixture
def figure(small, cohort, ada, ben) -> Session:
    """Ada's session in which initiatives are recalled, then told; Ben is in it."""
    session = hold(small, cohort, ada, [dict(phase) for phase in PHASES], {"own": "Which?"})
    bring(session, ben)
    return session


def pin(client: Client, session: Session, what: str = "Town meetings", part: str = "Meetings", **fields: str):
    named = {f"text-{name}": text for name, text in fields.items() if name != "keep"}
    kept = {"keep": "on"} if "keep" in fields else {}
    return do(client, session, "add-example", part=part, **{"text-what": what}, **named, **kept)


def example(what: str) -> Example:
    return Example.objects.get(what=what)


def now(session: Session) -> State:
    return state_of(Session.objects.with_course().get(pk=session.pk))


def results(session: Session, place: int = 1) -> dict:
    state = now(session)
    return TOOL.results(state, state.steps[place])


def file_of(session: Session) -> str:
    return "\n".join(",".join(map(str, row)) for row in rows_of(now(session)))


def carried(session: Session) -> list[str]:
    return [row.text for run in session.phases.all() for row in TOOL.carries(run)]


def everything(as_ada: Client, client: Client, session: Session) -> str:
    """Return all that somebody else may see anywhere: boards, own part, results, file, report, what is carried."""
    state = now(session)
    pages = [seen(as_ada, session, "host"), seen(as_ada, session, "screen"), seen(client, session, "participant")]
    pages += [mine(as_ada, session), mine(client, session), file_of(session), str(carried(session))]
    pages += [as_ada.get(reverse(name, args=[session.public_id])).text for name in ("session_host", "session_results")]
    pages += [str(TOOL.figures(state, step)) for step in state.steps[:2]]
    return "\n".join(pages)


# --- Recalling ----------------------------------------------------------------------------------------------


def test_until_they_are_told_initiatives_are_seen_by_nobody_but_their_authors(figure, as_ada, as_ben):
    chipo = somebody(figure, "Chipo")

    assert pin(as_ben, figure, place="Gafsa", lesson="Start small").status_code == 302

    page = everything(as_ada, chipo, figure)
    for words in ("Town meetings", "Gafsa", "Start small"):
        assert words in mine(as_ben, figure)
        assert words not in page
    board = seen(chipo, figure, "participant")
    assert "1 initiative is pinned to the figure" in board
    assert re.search(r"Meetings</span> <span class=\"pin-count\">1", board)


def test_what_is_promised_stands_above_the_form(figure, as_ben):
    page = mine(as_ben, figure)

    assert "nobody sees what you write here, your facilitator neither" in page
    assert "Your name stands with what is told" in page
    assert "keep to yourself" in page


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"part": "Meetings", "text-what": " "}, "Write something first."),
        ({"part": "Meetings", "text-what": "x" * 202}, "2 characters too long"),
        ({"part": "Elsewhere", "text-what": "Town"}, "Choose the part of the figure"),
        ({"text-what": "Town"}, "Choose the part of the figure"),
        ({"part": "Meetings", "text-what": "Town", "text-year": "9" * 41}, "1 character too long"),
    ],
)
def test_what_is_refused_comes_back_with_words(figure, as_ben, data, why):
    refused = do(as_ben, figure, "add-example", **{"text-lesson": "Listen first", **data})

    assert refused.status_code == 422
    assert why in refused.text
    assert ">Listen first</textarea>" in refused.text
    assert not Example.objects.exists()


def test_ones_own_is_changed_and_taken_back_and_nobody_elses(figure, as_ben, as_ada):
    pin(as_ben, figure, lesson="None yet")
    row, chipo = example("Town meetings"), somebody(figure, "Chipo")
    names = {f"part-{row.public_id}": "Training", f"text-what-{row.public_id}": "Town hall"}

    for client in (chipo, as_ada):
        refused = do(client, figure, "change-example", example=row.public_id, **names)
        assert refused.status_code == 422
        assert "not yours" in refused.text
        for action in ("keep-example", "share-example"):
            assert do(client, figure, action, example=row.public_id).status_code == 422
        do(client, figure, "take-back-example", example=row.public_id)
    assert do(as_ben, figure, "change-example", example=row.public_id, **names).status_code == 302
    assert list(Example.objects.values_list("what", "part", "lesson", "is_kept")) == [
        ("Town hall", "Training", "", False)
    ]
    assert do(as_ben, figure, "change-example", example="nonsense").status_code == 422
    for _twice in (1, 2):
        assert do(as_ben, figure, "take-back-example", example=row.public_id).status_code == 302
    assert not Example.objects.exists()


def test_nobody_fills_the_figure(figure, as_ben, monkeypatch):
    monkeypatch.setattr("activities.tools.example_moves.EXAMPLES_MAX", 2)

    assert [pin(as_ben, figure, what).status_code for what in ("one", "two", "three")] == [302, 302, 422]


def test_what_comes_too_late_is_kept_for_its_author(figure, as_ben):
    go_on(figure)
    go_on(figure)

    refused = do(as_ben, figure, "add-example", phase=1, part="Meetings", **{"text-what": "Too late"})

    assert refused.status_code == 422
    assert "Kept for you" in refused.text
    assert "Too late" in refused.text
    assert not Example.objects.exists()


@pytest.mark.parametrize("action", ["tell", "tell-next", "hide-example", "restore-example", "answered"])
def test_participants_have_no_part_in_moderation(figure, as_ben, action):
    assert do(as_ben, figure, action, target="1").status_code == 404


def test_somebody_from_another_cohort_finds_nothing(figure, cleo):
    assert pin(signed_in(cleo), figure).status_code == 404


# --- Telling ------------------------------------------------------------------------------------------------


def test_entering_the_telling_shows_nothing_until_its_clock_runs(figure, as_ada, as_ben):
    pin(as_ben, figure)
    services.go_to(session=figure, position=2, from_position=1)
    chipo = somebody(figure, "Chipo")

    assert "Town meetings" not in everything(as_ada, chipo, figure)
    assert do(as_ada, figure, "tell", target=example("Town meetings").public_id).status_code == 422

    services.resume(session=figure)
    assert "Town meetings" in seen(as_ada, figure, "host")
    # Only what is told is shown to all.
    for client, face in ((as_ada, "screen"), (chipo, "participant")):
        assert "Town meetings" not in seen(client, figure, face)


def test_the_one_that_is_told_stands_big_with_its_part_marked_and_its_tellers_name(figure, as_ada, as_ben):
    pin(as_ben, figure, place="Sfax", year="2012", who="City: rooms", lesson="Start small")
    go_on(figure)

    do(as_ada, figure, "tell", target=example("Town meetings").public_id)

    for face in ("screen", "participant"):
        page = seen(as_ada, figure, face)
        for words in ("<bdi>Ben</bdi> tells", "Town meetings", "Sfax, 2012", "City: rooms", "Start small"):
            assert words in page
        assert re.search(r'pin-part is-marked"><span dir="auto">Meetings<', page)
    assert "It is your turn" in mine(as_ben, figure)
    do(as_ada, figure, "tell", target="")
    assert "</bdi> tells" not in seen(as_ada, figure, "screen")
    assert "What was told: 1 initiative" in seen(as_ben, figure, "participant")


def test_next_goes_by_part_of_the_figure_and_a_second_press_moves_nobody(figure, as_ada, as_ben):
    for what, part in (("C", "Training"), ("B", "Boards"), ("A", "Meetings")):
        pin(as_ben, figure, what, part)
    go_on(figure)

    told = []
    for _turn in range(3):
        present = ExampleBoard.objects.filter(run__session=figure).first()
        target = present.telling.public_id if present else ""
        for _twice in (1, 2):
            do(as_ada, figure, "tell-next", target=target)
        told.append(ExampleBoard.objects.get().telling.what)

    assert told == ["A", "B", "C"]
    assert "Next initiative" not in seen(as_ada, figure, "host")
    assert "3 of 3 initiatives told" in seen(as_ada, figure, "screen")


def test_parts_without_an_example_are_shown_and_filled_from_elsewhere(figure, as_ada, as_ben):
    pin(as_ben, figure)
    go_on(figure)
    section = r"Does anybody know one from elsewhere\?</p><ul>(.*?)</ul>"
    assert "Boards" in re.search(section, seen(as_ada, figure, "screen"), re.S)[1]

    pin(as_ben, figure, "A board in Tunis", "Boards")

    left = re.search(section, seen(as_ada, figure, "screen"), re.S)[1]
    assert "Boards" not in left
    assert "Training" in left


def test_what_somebody_keeps_to_themselves_stays_so_everywhere(figure, as_ada, as_ben):
    chipo = somebody(figure, "Chipo")
    pin(as_ben, figure, "My secret", keep="on")
    pin(as_ben, figure, "Changed my mind")
    go_on(figure)
    row = example("Changed my mind")
    do(as_ada, figure, "tell", target=row.public_id)
    assert do(as_ada, figure, "tell", target=example("My secret").public_id).status_code == 422

    do(as_ben, figure, "keep-example", example=row.public_id)

    for _ended in (False, True):
        page = everything(as_ada, chipo, figure)
        assert "My secret" not in page
        assert "Changed my mind" not in page
        services.end_session(session=figure)
    figure.refresh_from_db()
    page = chipo.get(reverse("session_results", args=[figure.public_id])).text
    assert "My secret" not in page


def test_what_was_kept_can_be_told_after_all(figure, as_ada, as_ben):
    pin(as_ben, figure, keep="on")
    go_on(figure)
    assert "Town meetings" not in seen(as_ada, figure, "host")

    do(as_ben, figure, "share-example", example=example("Town meetings").public_id)

    assert "Town meetings" in seen(as_ada, figure, "host")


def test_hidden_ones_go_from_sight_and_come_back(figure, as_ada, as_ben):
    pin(as_ben, figure)
    go_on(figure)
    target = example("Town meetings").public_id
    do(as_ada, figure, "tell", target=target)

    do(as_ada, figure, "hide-example", target=target)

    assert "Town meetings" not in seen(as_ada, figure, "screen")
    assert "Town meetings" not in file_of(figure)
    assert carried(figure) == []
    assert "Hidden initiatives" in seen(as_ada, figure, "host")
    assert "taken it from the figure" in mine(as_ben, figure)
    do(as_ada, figure, "restore-example", target=target)
    assert carried(figure) == ["Town meetings"]


# --- Questions ----------------------------------------------------------------------------------------------


@pytest.fixture
def told(figure, as_ada, as_ben) -> Example:
    """Ben's initiative, which he tells now."""
    pin(as_ben, figure)
    go_on(figure)
    row = example("Town meetings")
    do(as_ada, figure, "tell", target=row.public_id)
    return row


def ask(client: Client, session: Session, row: Example, text: str = "Who pays?"):
    return do(client, session, "ask-teller", example=row.public_id, **{"text-question": text})


def test_others_ask_and_the_answer_is_ticked(figure, told, as_ada, as_ben):
    chipo = somebody(figure, "Chipo")
    for _twice in (1, 2):
        ask(chipo, figure, told)

    question = ExampleQuestion.objects.get()
    for client, face in ((as_ben, "participant"), (as_ada, "screen")):
        assert re.search(r"Who pays\?.*Chipo", seen(client, figure, face), re.S)
    assert [row["text"] for row in results(figure)["open_questions"]] == ["Who pays?"]
    do(as_ada, figure, "answered", target=question.public_id)
    assert "✓ answered" in seen(as_ada, figure, "screen")
    assert results(figure)["open_questions"] == []
    do(as_ada, figure, "answered", target=question.public_id)

    do(as_ada, figure, "hide-question", target=question.public_id)
    assert "Who pays?" not in seen(as_ada, figure, "screen")
    assert "Who pays?" in seen(as_ada, figure, "host")
    assert results(figure)["open_questions"] == []

    do(as_ben, figure, "take-back-question", question=question.public_id)
    assert ExampleQuestion.objects.exists()
    do(chipo, figure, "take-back-question", question=question.public_id)
    assert not ExampleQuestion.objects.exists()


def test_a_question_to_nobody_or_too_long_comes_back(figure, told, as_ada):
    chipo = somebody(figure, "Chipo")

    assert ">" + "x" * 201 + "<" in ask(chipo, figure, told, "x" * 201).text
    do(as_ada, figure, "hide-example", target=told.public_id)
    refused = ask(chipo, figure, told, "Who came?")
    assert refused.status_code == 422
    assert "not told any more" in refused.text
    assert not ExampleQuestion.objects.exists()


def test_a_question_that_comes_too_late_is_kept_in_words_alone(figure, told, as_ada):
    chipo = somebody(figure, "Chipo")
    go_on(figure)

    refused = do(chipo, figure, "ask-teller", phase=2, example=told.public_id, **{"text-question": "Who pays?"})

    kept = re.search(r'class="draft-text"[^>]*>(.*?)</p>', refused.text, re.S)[1]
    assert kept == "Who pays?"


def test_nobody_asks_without_end(figure, told, monkeypatch):
    monkeypatch.setattr("activities.tools.example_moves.QUESTIONS_MAX", 1)
    chipo = somebody(figure, "Chipo")

    assert [ask(chipo, figure, told, text).status_code for text in ("one", "two")] == [302, 422]


# --- Without names ------------------------------------------------------------------------------------------


def test_without_names_nothing_tells_whose_an_initiative_or_question_is(figure, as_ada, as_ben):
    figure.phases.update(has_names=False)
    chipo = somebody(figure, "Chipo")
    for number in range(12):
        pin(as_ben if number % 2 else chipo, figure, f"initiative {number}")
    assert 'class="note-by"' not in seen(as_ada, figure, "host")
    assert "· done" not in seen(as_ada, figure, "host")
    go_on(figure)
    row = example("initiative 1")
    do(as_ada, figure, "tell", target=row.public_id)
    for number in range(5):
        ask(chipo, figure, row, f"question {number}")

    for page in (seen(as_ada, figure, "host"), seen(as_ada, figure, "screen"), file_of(figure)):
        board = page.split("Who is here")[0]
        assert "Ben" not in board
        assert "Chipo" not in board
    order = re.findall(r"initiative \d+", file_of(figure))
    assert order == [row.what for row in sorted(Example.objects.all(), key=lambda row: row.public_id)]
    assert "Ask" not in file_of(figure)
    assert "without names" in mine(as_ben, figure).lower()


# --- What is left -------------------------------------------------------------------------------------------


def test_results_list_initiatives_by_part_with_names(figure, as_ada, as_ben):
    pin(as_ben, figure, place="Sfax", lesson="Start small")
    pin(as_ben, figure, "Courses", "Training")
    go_on(figure)
    services.end_session(session=figure)

    page = as_ben.get(reverse("session_results", args=[figure.public_id])).text

    assert re.search(r"Meetings</dt>.*Town meetings.*Sfax.*Start small.*Ask:.*Ben", page, re.S)
    assert re.search(r"Boards</dt>\s*<dd class=\"muted\">No example.", page)
    assert page.count("Town meetings") == 1
    assert "Dialogue,Meetings,Town meetings,Sfax,,,Start small,Ben," in file_of(figure)
    state = now(figure)
    assert TOOL.figures(state, state.steps[1])[1:] == [["Meetings", 1], ["Boards", 0], ["Training", 1]]
    assert TOOL.figures(state, state.steps[0]) == []
    assert carried(figure) == ["Town meetings (Sfax)", "Courses"]


def test_a_session_that_never_came_to_tell_leaves_nothing_but_that(figure, as_ada, as_ben):
    pin(as_ben, figure)
    services.end_session(session=figure)

    page = as_ben.get(reverse("session_results", args=[figure.public_id])).text

    assert "stay with those who noted them" in page
    assert "Town meetings" not in page + file_of(figure)
    assert carried(figure) == []


def test_what_people_write_is_never_markup_and_has_its_own_direction(figure, as_ada, as_ben):
    pin(as_ben, figure, "<img src=x onerror=alert(1)>", place="<b>تونس</b>")
    go_on(figure)
    row = Example.objects.get()
    do(as_ada, figure, "tell", target=row.public_id)
    ask(somebody(figure, "Chipo"), figure, row, "<script>1</script>")

    for page in (seen(as_ada, figure, "host"), seen(as_ada, figure, "screen"), mine(as_ben, figure)):
        assert "<img" not in page
        assert "<b>" not in page
        assert "<script" not in page
    assert 'dir="auto">&lt;b&gt;تونس' in seen(as_ada, figure, "screen")


# --- From paper ---------------------------------------------------------------------------------------------


def key_in(session: Session, data: dict, place: int = 0) -> PaperEntry:
    state = now(session)
    with transaction.atomic():
        entry = PaperEntry.objects.create(run=state.steps[place].run)
        entry.summary = TOOL.key_in(Keyed(state, state.steps[place], entry, data))
        entry.save()
    return entry


def test_a_batch_from_paper_stands_among_the_others_and_is_taken_back(figure, as_ada, as_ben):
    somebody(figure, "Dina")
    figure.attendances.filter(membership__user__name="Dina").update(is_on_paper=True)
    dina = figure.attendances.get(is_on_paper=True)
    batch = {
        "part-1": "Boards", "text-what-1": "Expert board", "text-place-1": "Tunis", "who-1": str(dina.public_id),
        "part-4": "Training", "text-what-4": "Evening classes", "who-4": "",
    }  # fmt: skip

    entry = key_in(figure, batch)

    assert entry.summary == "2 initiatives"
    assert "Expert board" not in everything(as_ada, as_ben, figure)
    go_on(figure)
    host = seen(as_ada, figure, "host")
    assert re.search(r"Expert board.*in the room.*Dina", host, re.S)
    assert "2 were noted on paper in the room" in host
    assert "Expert board,Tunis,,,,Dina,in the room" in file_of(figure)
    entry.delete()
    assert not Example.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"part-1": "Boards", "text-what-1": "Good", "part-2": "Boards", "text-place-2": "No name"},
        {"part-1": "Boards", "text-what-1": "Good", "text-what-2": "Without a part"},
    ],
)
def test_a_batch_with_a_fault_stores_nothing(figure, data):
    with pytest.raises(RefusedError):
        key_in(figure, data)
    assert not Example.objects.exists()
    assert not PaperEntry.objects.exists()


def test_the_kit_has_a_sheet_for_everybody_on_paper_and_the_form_asks_for_a_batch(figure):
    somebody(figure, "Dina")
    figure.attendances.filter(membership__user__name="Dina").update(is_on_paper=True)
    state = now(figure)

    kit = render_to_string(
        "activities/tools/pinned-examples/_kit.html", {"kit": TOOL.kit(state, state.steps[0]), "state": state}
    )
    form = render_to_string(
        "activities/tools/pinned-examples/_paper.html", {"paper": TOOL.paper(state, state.steps[0])}
    )

    assert TOOL.kit(state, state.steps[1]) is None
    assert kit.count("kit-sheet") == 1
    for words in ("Dina", "Meetings", "Boards", "Training"):
        assert words in kit
        assert words in form
    assert form.count('name="text-what-') == 8


# --- What cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"what": ""}, {"attendance": None}, {"is_kept": True, "is_told": True}])
def test_the_database_refuses_what_is_no_example(figure, ben, fields):
    attendance = figure.attendances.get(membership__user=ben)
    whole = {"run": figure.phases.first(), "attendance": attendance, "part": "Boards", "what": "Board"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Example.objects.create(**{**whole, **fields})


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["A | One"], "2 to 40 parts"),
        (["A | One", "B |"], "line 2 needs words"),
        (["A | One", "B | " + "x" * 121], "line 2 needs words"),
        (["A | One", "B | One"], "line 2: “One” is there already."),
    ],
)
def test_an_editors_nonsense_is_refused(options, fault):
    assert any(fault in one for one in TOOL.faults(options, 1))
    assert not list(TOOL.faults(OPTIONS.splitlines(), 1))


def test_the_board_costs_the_same_for_one_initiative_and_for_thirty(figure, as_ada, as_ben, django_assert_num_queries):
    pin(as_ben, figure)
    chipo = somebody(figure, "Chipo")
    go_on(figure)
    row = example("Town meetings")
    do(as_ada, figure, "tell", target=row.public_id)
    ask(chipo, figure, row)
    url, own = (
        reverse("session_shared", args=[figure.public_id, "host"]),
        reverse("session_mine", args=[figure.public_id]),
    )
    as_ada.get(url)
    with django_assert_num_queries(9):
        as_ada.get(url)
    with django_assert_num_queries(10):
        chipo.get(own)
    for number in range(10):
        client = somebody(figure, f"P{number}")
        ask(client, figure, row, f"Question {number}?")
        for part in ("Meetings", "Boards", "Training"):
            pin(client, figure, f"Initiative {number}", part)
    with django_assert_num_queries(9):
        as_ada.get(url)
    with django_assert_num_queries(10):
        chipo.get(own)


def test_another_session_has_its_own(figure, small, ada, as_ada, as_ben):
    pin(as_ben, figure)
    go_on(figure)
    row = example("Town meetings")
    other = services.prepare_session(
        activity=now(figure).activity, cohort=make_cohort(small.course, ada, name="Elsewhere"), facilitator=ada
    )
    services.begin(session=other)
    services.resume(session=other)
    go_on(other)

    assert do(as_ada, other, "tell", target=row.public_id).status_code == 422
    assert "Town meetings" not in everything(as_ada, as_ada, other)
