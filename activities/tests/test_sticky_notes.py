"""Sticky notes: who writes them, who sees what of them, and what facilitators do with them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from activities import services
from activities.live.state import state_of
from activities.models import Cluster, Note, NoteBoard, Session
from activities.tests.holding import bring, do, go_on, hold, mine, seen, somebody
from activities.tools.sticky_notes import StickyNotes
from conftest import signed_in

KINDS = "Challenges\nOpportunities"


@pytest.fixture
def board(small, cohort, ada, ben) -> Session:
    """Ada's session in which notes of two kinds are written; Ben is in it."""
    session = hold(
        small,
        cohort,
        ada,
        [
            {"tool": "sticky-notes", "options": KINDS},
            {"tool": "sticky-notes", "options": KINDS, "work": "plenary"},
            {"tool": "", "work": "plenary"},
        ],
    )
    bring(session, ben)
    return session


def write(client: Client, session: Session, text: str = "Trust", kind: str = "Challenges"):
    return do(client, session, "add-note", text=text, kind=kind)


def note(text: str) -> Note:
    return Note.objects.get(text=text)


def results(session: Session, place: int = 0) -> dict:
    state = state_of(Session.objects.with_course().get(pk=session.pk))
    return StickyNotes().results(state, state.steps[place])


# --- Writing ------------------------------------------------------------------------------------------------


def test_a_note_stands_in_the_column_of_its_kind_for_everybody_at_once(board, as_ada, as_ben):
    assert write(as_ben, board, "  Few \n buses ", "Opportunities").url == board.get_absolute_url()

    for client, face in ((as_ben, "participant"), (as_ada, "screen"), (as_ada, "host")):
        page = seen(client, board, face)
        assert re.search(r"Opportunities.*Few buses.*Ben", page, re.S), face
        assert not re.search(r"Few buses.*Opportunities", page, re.S), face


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"text": "  ", "kind": "Challenges"}, "Write something first."),
        ({"text": "x" * 203, "kind": "Challenges"}, "3 characters too long"),
        ({"text": "Trust", "kind": "Elsewhere"}, "Choose where this note belongs."),
    ],
)
def test_what_is_no_note_comes_back_with_words_and_with_its_text(board, as_ben, data, why):
    refused = do(as_ben, board, "add-note", **data)

    assert refused.status_code == 422
    assert why in refused.text
    assert data["text"].strip() in refused.text
    assert not Note.objects.exists()


def test_nobody_fills_the_board(board, as_ben, ben, monkeypatch):
    monkeypatch.setattr("activities.tools.note_moves.NOTES_MAX", 2)

    assert [write(as_ben, board, text).status_code for text in ("one", "two", "three")] == [302, 302, 422]


def test_twenty_notes_a_second_from_one_person_are_stopped_and_others_feel_nothing(board, as_ben):
    chipo = somebody(board, "Chipo")

    codes = [write(as_ben, board, f"note {number}").status_code for number in range(60)]

    assert codes == [302] * 40 + [422] * 20
    assert write(chipo, board).status_code == 302


def test_ones_own_note_is_changed_and_taken_back(board, as_ben):
    write(as_ben, board, "Trsut")
    old = note("Trsut")

    do(as_ben, board, "change-note", note=old.public_id, was="Trsut", text="Trust", kind="Opportunities")
    assert list(Note.objects.values_list("public_id", "text", "kind")) == [(old.public_id, "Trust", "Opportunities")]

    do(as_ben, board, "take-back-note", note=old.public_id)
    assert do(as_ben, board, "take-back-note", note=old.public_id).status_code == 302
    assert not Note.objects.exists()


def test_nobody_changes_or_takes_back_somebody_elses_note(board, as_ben, as_ada):
    write(as_ben, board)
    chipo, target = somebody(board, "Chipo"), note("Trust").public_id

    for client in (chipo, as_ada):
        refused = do(client, board, "change-note", note=target, was="Trust", text="Mistrust", kind="Challenges")
        assert refused.status_code == 422
        assert "not yours" in refused.text
        assert ">Mistrust</textarea>" in refused.text, "what was written is never lost"
        do(client, board, "take-back-note", note=target)
    assert do(chipo, board, "change-note", note="nonsense", text="x", kind="Challenges").status_code == 422
    assert note("Trust").kind == "Challenges"


@pytest.mark.parametrize("action", ["hide-note", "restore-note", "cluster", "read-note", "summarize", "take-apart"])
def test_participants_have_no_part_in_moderation(board, as_ben, action):
    assert do(as_ben, board, action, target="1", text="x").status_code == 404


def test_when_the_phase_is_over_the_text_comes_back_with_words(board, as_ben):
    go_on(board)
    go_on(board)

    refused = write(as_ben, board, "Too late")

    assert refused.status_code == 422
    assert "phase is over" in refused.text
    assert re.search(r"<textarea[^>]*readonly>Too late</textarea>", refused.text)


# --- Groups -------------------------------------------------------------------------------------------------


@pytest.fixture
def grouped(small, cohort, ada) -> tuple[Session, Client, Client, Client]:
    """Two people of one group and one of another, who write in groups."""
    session = hold(small, cohort, ada, [{"tool": "sticky-notes", "work": "groups"}])
    clients = [somebody(session, name) for name in ("Ana", "Bilal", "Chipo")]
    groups = [session.groups.create(number=number) for number in (1, 2)]
    seats = zip(session.attendances.filter(membership__role="participant"), (0, 0, 1), strict=True)
    for place, (attendance, group) in enumerate(seats):
        groups[group].seats.create(attendance=attendance, place=place)
    return session, *clients


def test_a_groups_note_is_everybodys_in_it_and_nobody_elses(grouped):
    session, ana, bilal, chipo = grouped
    do(ana, session, "add-note", text="Ours")

    assert "Ours" in mine(bilal, session)
    assert "Ours" not in mine(chipo, session)
    target = note("Ours").public_id
    assert do(bilal, session, "change-note", note=target, was="Ours", text="All ours").status_code == 302
    assert do(chipo, session, "change-note", note=target, was="All ours", text="Mine").status_code == 422
    page = seen(ana, session, "participant")
    assert "Group 1" in page
    assert "Ana" not in page


def test_two_of_a_group_at_one_note_overwrite_nothing(grouped):
    session, ana, bilal, _chipo = grouped
    do(ana, session, "add-note", text="Ours")
    target = note("Ours").public_id
    do(bilal, session, "change-note", note=target, was="Ours", text="By Bilal")

    refused = do(ana, session, "change-note", note=target, was="Ours", text="By Ana")

    assert refused.status_code == 422
    assert "By Bilal" in refused.text
    assert "By Ana" in refused.text
    assert note("By Bilal")


# --- Without names ------------------------------------------------------------------------------------------


def test_without_names_nothing_tells_who_wrote_a_note(board, as_ada, as_ben, ben):
    board.phases.update(has_names=False)
    chipo = somebody(board, "Chipo")
    for number in range(8):
        write(as_ben, board, f"by b {number}")
        write(chipo, board, f"by c {number}")

    assert "nobody sees who wrote a note" in mine(as_ben, board)
    for client, face in ((as_ben, "participant"), (as_ada, "screen")):
        page = seen(client, board, face)
        assert "Ben" not in page
        assert "Chipo" not in page
    console = seen(as_ada, board, "host")
    assert console.count("Ben") == console.count("Chipo"), "who is here"
    assert "· done" not in console
    rows = Note.objects.select_related("attendance__membership")
    secret = {str(value) for row in rows for value in (row.attendance.public_id, row.attendance.membership.public_id)}
    # The console names everybody who is here, for extra time: each as often as the others, whatever they wrote.
    assert len({console.count(value) for value in secret if value in console}) == 1
    assert not any(value in seen(as_ada, board, "screen") for value in secret)
    assert not re.search(r"\d{4}-\d\d-\d\d|<time", console), "no times"


def test_without_names_the_order_is_random_and_stays(board, as_ada, as_ben):
    board.phases.update(has_names=False)
    texts = [f"note {number:02}" for number in range(20)]
    for text in texts:
        write(as_ben, board, text)

    def order():
        return re.findall(r"note \d\d(?=</label>)", seen(as_ada, board, "host"))

    first = order()
    assert sorted(first) == texts
    assert first == [row.text for row in Note.objects.order_by("public_id")] == order()
    # That sixteen random bytes sort twenty notes as they were written happens to nobody.
    assert first != texts
    shown = results(board)["columns"][0].piles[0].slips
    assert [slip.text for slip in shown] == first


def test_without_names_results_hold_nobody_and_nothing_that_counts(board, as_ben):
    board.phases.update(has_names=False)
    write(as_ben, board)

    (slip,) = results(board)["columns"][0].piles[0].slips
    state = state_of(Session.objects.with_course().get(pk=board.pk))

    assert StickyNotes().rows(state, state.steps[0]) == [
        ["Kind", "Put together as", "Note"],
        ["Challenges", "", "Trust"],
    ]
    assert slip.by == ""
    assert not hasattr(slip, "pk")
    assert slip.id == str(note("Trust").public_id)


def test_with_names_results_hold_them_and_who_is_done_is_seen(board, as_ada, as_ben):
    somebody(board, "Chipo")
    write(as_ben, board)

    assert results(board)["columns"][0].piles[0].slips[0].by == "Ben"
    state = state_of(Session.objects.with_course().get(pk=board.pk))
    assert StickyNotes().rows(state, state.steps[0])[1] == ["Challenges", "", "Trust", "Ben"]
    assert re.search(r"<bdi>Ben</bdi> · done", seen(as_ada, board, "host"))
    assert not re.search(r"<bdi>Chipo</bdi> · done", seen(as_ada, board, "host"))


# --- Moderation ---------------------------------------------------------------------------------------------


def test_a_hidden_note_is_seen_by_facilitators_only_until_it_is_restored(board, as_ada, as_ben):
    write(as_ben, board)
    target = note("Trust").public_id

    do(as_ada, board, "hide-note", target=target)
    assert "Trust" not in seen(as_ben, board, "participant")
    assert "Trust" not in seen(as_ada, board, "screen")
    assert "Trust" in seen(as_ada, board, "host")
    assert "taken it from the board" in mine(as_ben, board)
    assert results(board)["count"] == 0

    do(as_ada, board, "restore-note", target=target)
    assert "Trust" in seen(as_ben, board, "participant")


def test_the_whole_board_is_hidden_and_shown_again(board, as_ada, as_ben):
    write(as_ben, board)

    for revealed in (False, True):
        services.reveal(session=board, revealed=revealed)
        assert ("Trust" in seen(as_ben, board, "participant")) is revealed
        assert ("Trust" in seen(as_ada, board, "screen")) is revealed
        assert "Trust" in seen(as_ada, board, "host")


def test_similar_notes_are_put_together_renamed_and_taken_apart(board, as_ada, as_ben):
    for text in ("Rent", "Housing", "Buses"):
        write(as_ben, board, text)
    ticked = [note("Rent").public_id, note("Housing").public_id]

    back = do(as_ada, board, "cluster", note=ticked, cluster="A roof")
    assert back.status_code == 302
    piles = results(board)["columns"][0].piles
    assert [(pile.name, [slip.text for slip in pile.slips]) for pile in piles] == [
        ("A roof", ["Rent", "Housing"]),
        ("", ["Buses"]),
    ]

    do(as_ada, board, "take-out", note=ticked[:1])
    made = Cluster.objects.get()
    do(as_ada, board, "rename-cluster", target=made.pk, **{f"name-{made.pk}": "Shelter"})
    assert re.search(r"<h4[^>]*>Shelter</h4>", seen(as_ben, board, "participant"))
    assert set(Note.objects.filter(cluster=made).values_list("text", flat=True)) == {"Housing"}

    do(as_ada, board, "take-apart", target=made.pk)
    assert do(as_ada, board, "take-apart", target=made.pk).status_code == 422
    assert Note.objects.filter(cluster=None).count() == 3


def test_the_same_name_joins_clusters(board, as_ada, as_ben):
    for text, name in (("Rent", "Roof"), ("Housing", "roof"), ("Buses", "Roads")):
        write(as_ben, board, text)
        do(as_ada, board, "cluster", note=note(text).public_id, cluster=name)
    roof, roads = Cluster.objects.all()

    do(as_ada, board, "rename-cluster", target=roads.pk, **{f"name-{roads.pk}": "ROOF"})

    assert set(roof.notes.values_list("text", flat=True)) == {"Rent", "Housing", "Buses"}
    assert Cluster.objects.get() == roof


def test_a_cluster_without_notes_or_without_a_name_is_refused_on_the_console(board, as_ada, as_ben):
    write(as_ben, board)
    url = reverse("session_act", args=[board.public_id, "cluster"]) + "?face=host"

    nothing_ticked = as_ada.post(url, {"cluster": "Roof"})
    assert "Tick the notes first." in nothing_ticked.text
    assert 'value="Roof"' in nothing_ticked.text
    assert "host-form" in nothing_ticked.text
    assert "Write something first." in as_ada.post(url, {"note": note("Trust").public_id}).text
    done = as_ada.post(url, {"note": note("Trust").public_id, "cluster": "Roof"})
    assert done.url == reverse("session_host", args=[board.public_id])


def test_notes_are_read_aloud_one_by_one(board, as_ada, as_ben):
    for text, kind in (("First", "Opportunities"), ("Second", "Challenges"), ("Third", "Opportunities")):
        write(as_ben, board, text, kind)

    read = []
    target = note("Second").public_id
    while target:
        do(as_ada, board, "read-note", target=target)
        screen = seen(as_ada, board, "screen")
        read.append(re.search(r'note-words" dir="auto">([^<]*)<', screen)[1])
        assert "notes" not in re.findall(r'class="([^"]*)"', screen), "nothing else"
        button = re.search(r'value="([^"]*)"[^>]*>Next note', seen(as_ada, board, "host"))
        target = button and button[1]

    assert read == ["Second", "First", "Third"]
    do(as_ada, board, "hide-note", target=note("Third").public_id)
    assert "note-words" not in seen(as_ada, board, "screen")
    assert do(as_ada, board, "read-note", target=note("Third").public_id).status_code == 422
    do(as_ada, board, "read-note", target=note("First").public_id)
    do(as_ada, board, "read-note", target="")
    assert "note-words" not in seen(as_ada, board, "screen")


def test_the_summary_is_kept_and_two_who_write_it_overwrite_nothing(board, as_ada, as_ben):
    do(as_ada, board, "summarize", text="Trust\r\n\r\nand time", version=0)
    assert "<p>and time</p>" in seen(as_ben, board, "participant")
    assert results(board)["summary"] == "Trust\n\nand time"

    refused = do(as_ada, board, "summarize", text="Other words", version=0)

    assert refused.status_code == 422
    assert "and time" in refused.text
    assert "Other words" in refused.text
    assert NoteBoard.objects.get().version == 1


def test_a_later_phase_with_the_same_columns_goes_on_with_the_notes(board, as_ada, as_ben):
    write(as_ben, board)
    go_on(board)
    write(as_ben, board, "Time")

    for text in ("Trust", "Time"):
        assert text in seen(as_ben, board, "participant")
    assert results(board)["count"] == 2
    assert results(board, 1)["home"].plan.title == "Phase 1"


def test_results_say_all_of_it(board, as_ada, as_ben):
    from django.template.loader import render_to_string

    write(as_ben, board)
    do(as_ada, board, "cluster", note=note("Trust").public_id, cluster="People")
    do(as_ada, board, "summarize", text="It takes time.", version=0)

    page = render_to_string("activities/tools/sticky-notes/_results.html", {"results": results(board)})

    for words in ("Challenges", "Opportunities", "People", "Trust", "Ben", "It takes time."):
        assert words in page
    assert "<button" not in page


# --- What people write, on pages ----------------------------------------------------------------------------


def test_what_people_write_is_never_markup(board, as_ada, as_ben):
    write(as_ben, board, "<img src=x onerror=alert(1)>")
    do(as_ada, board, "cluster", note=Note.objects.get().public_id, cluster="<b>roof</b>")
    do(as_ada, board, "summarize", text="<script>1</script>", version=0)
    do(as_ada, board, "read-note", target=Note.objects.get().public_id)

    for page in (seen(as_ada, board, "host"), seen(as_ada, board, "screen"), mine(as_ben, board), mine(as_ada, board)):
        assert "<img" not in page
        assert "<b>" not in page
        assert "<script" not in page


def test_each_note_has_its_own_direction(board, as_ada, as_ben):
    write(as_ben, board, "الثقة")

    assert re.search(r'<label[^>]*dir="auto">الثقة', seen(as_ada, board, "host"))
    for page in (seen(as_ada, board, "screen"), seen(as_ben, board, "participant"), mine(as_ben, board)):
        assert '<p dir="auto">الثقة' in page


def test_the_board_costs_the_same_for_one_note_and_for_thirty(board, as_ada, as_ben, django_assert_num_queries):
    write(as_ben, board)
    url = reverse("session_shared", args=[board.public_id, "host"])
    as_ada.get(url)
    with django_assert_num_queries(8):
        as_ada.get(url)
    for number in range(10):
        client = somebody(board, f"P{number}")
        for kind in ("Challenges", "Opportunities"):
            write(client, board, f"note {number}", kind)
    do(as_ada, board, "cluster", note=[row.public_id for row in Note.objects.all()[:9]], cluster="Roof")
    with django_assert_num_queries(8):
        as_ada.get(url)
    own = reverse("session_mine", args=[board.public_id])
    with django_assert_num_queries(11):
        as_ben.get(own)


def test_somebody_from_another_cohort_finds_nothing(board, cleo):
    assert write(signed_in(cleo), board).status_code == 404
