# ruff: noqa: E501  messages are quoted whole
"""Importing and exporting activities: in place by key, to the byte, and refused with file and line."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from activities.models import Activity, ActivityObjective, ActivityQuestion, Handout, Phase
from activities.tests.activityfolder import ADDED, EVERYTHING
from activities.tests.conftest import load
from courses.coursefiles import CourseFilesError, read_course
from courses.models import Course, LearningObjective, Section

HERE = "activities/01-introductions/activity.md"
CARDS = "activities/01-introductions/phases/01-cards.md"
ROUNDS = "activities/01-introductions/phases/02-rounds.md"
FAREWELL = "activities/09-farewell/activity.md"
IDRISS = "handouts/02-idriss.md"


def everything():
    found = [*apps.get_app_config("activities").get_models(include_auto_created=True)]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in [*found, Course]}


# --- In and out ---------------------------------------------------------------------------------------------


def test_activities_come_in_after_what_they_point_to(db, folder):
    assert load(folder)[-9:] == [
        "added    handout idriss",
        "added    activity introductions",
        "added    activity farewell",
        "added    objective of an activity introductions/meet",
        "added    question of an activity introductions/where",
        "added    question of an activity introductions/why",
        "added    question of an activity introductions/next",
        "added    phase introductions/cards",
        "added    phase introductions/rounds",
    ]
    activity = Activity.objects.get(key="introductions")
    assert (activity.topic.key, activity.section.key, activity.position) == ("challenges", "local", 1)
    assert [question.key for question in activity.phases.get(key="cards").questions.all()] == ["where", "why"]
    rounds = activity.phases.get(key="rounds")
    assert (rounds.minutes, rounds.most, rounds.per) == (2, 3, "round")
    assert activity.questions.get(key="where").objective == LearningObjective.objects.get(key="analyse")


def test_a_second_import_changes_and_writes_nothing(core, folder):
    before = everything()

    assert load(folder) == ["core: nothing changed"]
    assert everything() == before


def test_it_comes_out_as_it_went_in(core, tmp_path):
    out, errors = StringIO(), StringIO()
    call_command("export_course", "core", tmp_path / "out" / "core", stdout=out, stderr=errors)
    root = tmp_path / "out" / "core"

    written = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    assert written == EVERYTHING
    assert errors.getvalue() == ""


def test_an_export_removes_files_of_what_is_gone_and_nothing_else(core, folder):
    Phase.objects.get(key="rounds").delete()
    Handout.objects.all().delete()
    folder.write("activities/01-introductions/notes.md", "mine")

    call_command("export_course", "core", folder.root, stdout=StringIO(), stderr=StringIO())

    left = {path for path in folder.contents() if path.startswith(("activities", "handouts"))}
    assert left == (set(ADDED) - {ROUNDS, IDRISS}) | {"activities/01-introductions/notes.md"}


# --- Changes and removals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "lines"),
    [
        (HERE, "Everybody meets", "People meet", ["changed  activity introductions (text)"]),
        (HERE, "section: local\n", "", ["changed  activity introductions (section)"]),
        (HERE, "handouts: [idriss]\n", "", ["changed  activity introductions (handouts)"]),
        (HERE, "    objective: analyse\n", "", ["changed  question of an activity introductions/where (objective)"]),
        (CARDS, "minutes: 5", "minutes: 6\nmost: 8", ["changed  phase introductions/cards (minutes, most)"]),
        (CARDS, "[where, why]", "[why]", ["changed  phase introductions/cards (questions)"]),
        (CARDS, "**one**", "*one*", ["changed  phase introductions/cards (instructions)"]),
        (IDRISS, "Idriss left", "He left", ["changed  handout idriss (text)"]),
    ],
)
def test_what_changed_is_changed_in_place_and_said(core, folder, path, old, new, lines):
    ids = set(Phase.objects.values_list("pk", flat=True)) | set(ActivityQuestion.objects.values_list("pk", flat=True))
    folder.replace(path, old, new)

    assert load(folder) == lines
    assert ids == set(Phase.objects.values_list("pk", flat=True)) | set(
        ActivityQuestion.objects.values_list("pk", flat=True)
    )


def test_what_is_gone_goes_before_what_it_points_to(core, folder):
    """The section and the objective can only be deleted when the activity is."""
    for path in (HERE, CARDS, ROUNDS):
        folder.remove(path)
    (folder.root / "activities/01-introductions/phases").rmdir()
    (folder.root / "activities/01-introductions").rmdir()
    folder.remove("topics/01-challenges/sections/02-nexus.md")
    folder.rename("topics/01-challenges/sections/01-local.md", "topics/01-challenges/sections/01-near.md")
    folder.replace("topics/01-challenges/topic.md", "objectives:\n  - key: analyse\n    text: Analyse the link.\n", "")

    assert load(folder) == [
        "added    section challenges/near",
        "deleted  activity introductions",
        "deleted  section challenges/local",
        "deleted  section challenges/nexus",
        "deleted  learning objective analyse",
    ]
    assert not ActivityObjective.objects.exists()
    assert Section.objects.filter(topic__key="challenges").count() == 1


def test_what_people_worked_with_is_archived(core, folder, monkeypatch):
    def delete(question):
        raise models.ProtectedError("in use", {question})

    monkeypatch.setattr(ActivityQuestion, "delete", delete)
    folder.replace(HERE, "  - key: next\n    text: What will you do next?\n", "")

    assert load(folder) == ["archived question of an activity introductions/next (people have worked with it)"]
    assert ActivityQuestion.objects.get(key="next").archived_at is not None
    assert "What will you do next?" not in str(Course.objects.get().published)
    assert load(folder) == ["core: nothing changed"]

    folder.write(HERE, ADDED[HERE])
    assert load(folder) == ["back     question of an activity introductions/next"]


# --- Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "problem"),
    [
        (HERE, "topic: challenges", "topic: none", f"{HERE}:7: there is no topic “none”; there are: challenges, gender."),
        (HERE, "section: local", "section: care", f"{HERE}:8: there is no section “care”; there are: local, nexus."),
        (HERE, "topic: challenges\nsection: local\n", "", f"{HERE}:1: “topic”: An activity in a topic needs its topic."),
        (FAREWELL, "stage: closing", "stage: closing\ntopic: gender", f"{FAREWELL}:7: “topic”: An activity at the start or"),
        (HERE, "stage: topic", "stage: middle", f"{HERE}:6: “stage”: “middle” is not known; there are: opening, topic,"),
        (HERE, "[idriss]", "[idris]", f"{HERE}:25: there is no handout “idris”; there are: idriss."),
        (HERE, "handouts: [idriss]", "handouts: idriss", f"{HERE}:25: “handouts” is a list of handout keys."),
        (HERE, "objective: analyse", "objective: none", f"{HERE}:19: there is no learning objective “none”; there are: explain"),
        (HERE, "[[diaspora|chairs]]", "[[chairs]]", f"{HERE}:27: There is no glossary term “chairs” in this course."),
        (HERE, "[[diaspora]]", "[[none]]", f"{HERE}:33: There is no glossary term “none” in this course."),
        (HERE, ":::figure cycle", ":::figure none", f"{HERE}:35: There is no figure “none” in this course."),
        (HERE, ":::figure cycle", ":::reflection context", f"{HERE}:35: “:::reflection” cannot stand in this text."),
        (HERE, "  Let people stand.", "  # Let", f"{HERE}:30: Headings in a text start at “##”"),
        (HERE, "  Let people stand.", "  Let\n\n  :::figure cycle", f"{HERE}:32: “:::figure” cannot stand in this"),
        (CARDS, "minutes: 5", "minutes: five", f"{CARDS}:3: “minutes”: it is a whole number."),
        (CARDS, "minutes: 5", "minutes: 0", f"{CARDS}:3: “minutes”: Ensure this value is greater than or equal to 1."),
        (CARDS, "minutes: 5\n", "", f"{CARDS}:2: the field “minutes” is missing."),
        (CARDS, "[where, why]", "[where, who]", f"{CARDS}:6: there is no question of an activity “who”; there are: where, why, next."),
        (CARDS, "tool: cards", "tool: card", f"{CARDS}:5: “tool”: “card” is not known; there are: cards, meeting-rounds"),
        (CARDS, "1. Hand out the cards.\n", "", f"{CARDS}:12: there is no text below the fields."),
        (CARDS, "Write **one** word.", "Write [[one]] word.", f"{CARDS}:8: There is no glossary term “one” in this course."),
        (ROUNDS, "most: 3", "most: 2", f"{ROUNDS}:4: “most”: it is not more than the minutes."),
        (ROUNDS, "  Find somebody.", "  ", f"{ROUNDS}:7: “instructions”: it is empty."),
        (ROUNDS, ":::figure cycle", ":::case-study frankfurt", f"{ROUNDS}:13: “:::case-study” cannot stand in this text."),
        (IDRISS, "[[diaspora]]", "[[none]]", f"{IDRISS}:7: There is no glossary term “none” in this course."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line(folder, path, old, new, problem):
    folder.replace(path, old, new)

    with pytest.raises(CourseFilesError) as caught:
        read_course(folder.root)
    [found] = [str(problem) for problem in caught.value.problems]
    assert found.startswith(problem)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("activities/03-guide/activity.md", "activities/03-guide: “guide” is the address of another page; choose another key."),
        ("activities/introductions/activity.md", "activities/introductions: a folder here is named NN-KEY, like 01-the-local-level."),
        ("activities/01-introductions/notes.md", "activities/01-introductions/notes.md: this does not belong here; there are: activity.md, phases."),
        ("activities/03-empty/phases/01-a.md", "activities/03-empty: there is no activity.md in this folder."),
        ("handouts/idriss.md", "handouts/idriss.md: a file here is named NN-KEY.md, like 01-the-local-level.md."),
    ],
)  # fmt: skip
def test_a_file_in_the_wrong_place_is_named(folder, path, problem):
    folder.write(path, ADDED[FAREWELL])

    with pytest.raises(CourseFilesError) as caught:
        read_course(folder.root)
    assert [str(problem) for problem in caught.value.problems] == [problem]


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Phase, {"minutes": 0}),
        (Phase, {"most": 2}),
        (Phase, {"work": "elsewhere"}),
        (Activity, {"stage": "closing"}),
        (Activity, {"topic": None, "section": None}),
        (Activity, {"stage": "middle"}),
    ],
)
def test_the_database_refuses_it_too(core, model, change):
    rows = model.objects.filter(key__in=["introductions", "rounds"])

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
