"""Importing a course: all of it or nothing, in place by key, and nothing that people wrote is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from conftest import make_user
from courses import services
from courses.models import (
    Answer,
    Course,
    Figure,
    KeyPoint,
    LearningObjective,
    Question,
    ReflectionPrompt,
    Section,
    Topic,
)
from courses.tests.coursefolder import FILES, CourseFolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return CourseFolder(tmp_path / "core")


def load(folder, **options):
    out = StringIO()
    call_command("import_course", folder.root, stdout=out, **options)
    return out.getvalue().splitlines()


def everything():
    """Return every row of the app, whatever its table: what "nothing was changed" means."""
    models = apps.get_app_config("courses").get_models(include_auto_created=True)
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def take_part(text="Our town grows."):
    """Let Ben answer the first question and read the first section."""
    course = Course.objects.get()
    enrolment = services.enrol(user=make_user("ben@example.org"), course=course)
    question = Question.objects.get(key="where")
    section = Section.objects.get(key="local")
    return services.save_answer(
        enrolment=enrolment,
        topic_id=section.topic_id,
        section_id=section.pk,
        question_id=question.pk,
        revision=question.revision,
        draft=services.Draft(text=text, version=0),
    )


# --- The first time, and again ------------------------------------------------------------------------------


def test_a_course_is_imported_whole_and_says_what_is_new(folder):
    assert load(folder) == [
        "added    course core",
        "added    related module module-1",
        "added    figure cycle",
        "added    topic challenges",
        "added    key point challenges/cycle",
        "added    key point challenges/link",
        "added    section challenges/local",
        "added    section challenges/nexus",
        "added    case study challenges/frankfurt",
        "added    point for reflection challenges/context",
        "added    question challenges/context/where",
        "added    question challenges/context/what",
        "added    topic gender",
        "added    section gender/care",
        "added    learning objective explain",
        "added    learning objective challenges/analyse",
        "added    glossary term diaspora",
        "added    glossary term remittances",
        "added    reference tesson",
    ]


def test_what_was_imported_can_be_read(folder, as_ben):
    load(folder)
    page = as_ben.get("/courses/core/challenges/local/").text

    for words in ("begins <strong>locally</strong>", "Where do you work?", "A city acts.", "<svg ", "People with a"):
        assert words in page
    assert "Of them." in as_ben.get("/courses/core/").text


def test_a_second_import_changes_and_writes_nothing(folder, django_assert_num_queries):
    load(folder)
    before = everything()

    assert load(folder) == ["core: nothing changed"]
    assert everything() == before
    assert Course.objects.get().version == 1


def test_windows_files_are_the_same_course(folder):
    load(folder)
    for path, text in FILES.items():
        folder.write(path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert load(folder) == ["core: nothing changed"]


def test_hidden_files_are_not_looked_at(folder):
    folder.write(".git/config", b"\xff")
    folder.write("topics/.DS_Store", b"\x00")
    folder.write("topics/01-challenges/sections/.01-local.md.swp", "x")

    assert load(folder)[0] == "added    course core"


def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    empty = everything()
    lines = load(folder, dry_run=True)

    assert everything() == empty
    assert lines == [*load(folder), "core: this would change; nothing was written"]


# --- Changes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "lines"),
    [
        ("course.md", "title: Migration", "title: On migration", ["changed  course core (title)"]),
        ("course.md", "Welcome to", "Hello,", ["changed  course core (text)"]),
        ("credits.md", "Of them.", "Of us.", ["changed  course core (credits)"]),
        ("course.md", "'Module 1: planning'", "Module 1", ["changed  related module module-1 (title)"]),
        ("figures/cycle.svg", "0 0 340 40", "0 0 340 50", ["changed  figure cycle (svg)"]),
        ("glossary.yaml", ", gender]", "]", ["changed  glossary term diaspora (topics)"]),
        ("references.yaml", "  note: 'Yes'\n", "", ["changed  reference tesson (note)"]),
        (
            "topics/01-challenges/topic.md",
            "  - key: cycle\n    text: The cycle has four phases.\n",
            "",
            ["changed  key point challenges/link (position)", "deleted  key point challenges/cycle"],
        ),
        (
            "topics/01-challenges/sections/01-local.md",
            "The local level\n---\n\nEvery",
            "Near\n---\n\nEach",
            ["changed  section challenges/local (title, text)"],
        ),
        (
            "topics/01-challenges/prompts/context.md",
            "A town, a region.",
            "A town.",
            ["changed  question challenges/context/where (hint)"],
        ),
    ],
)
def test_what_changed_is_changed_in_place_and_said(folder, path, old, new, lines):
    load(folder)
    ids = {label: {row["id"] for row in rows} for label, rows in everything().items() if "Historical" not in label}
    folder.replace(path, old, new)

    assert load(folder) == lines
    now = {label: {row["id"] for row in rows} for label, rows in everything().items() if label in ids}
    for label in ("Course", "Topic", "Section", "Question", "Figure", "GlossaryTerm", "Reference"):
        assert now[f"courses.{label}"] == ids[f"courses.{label}"]


def test_readers_and_search_see_the_change_at_once(folder, as_ben):
    load(folder)
    as_ben.get("/courses/core/challenges/local/")
    folder.replace("topics/01-challenges/sections/01-local.md", "begins **locally**", "starts at home")
    folder.replace("references.yaml", "Tesson, S.", "Zimmermann, T.")
    load(folder)

    assert "starts at home" in as_ben.get("/courses/core/challenges/local/").text
    assert as_ben.get("/courses/core/search/", {"q": "Zimmermann"}).context["count"] == 1
    assert as_ben.get("/courses/core/search/", {"q": "Tesson"}).context["count"] == 0


def test_a_reworded_question_keeps_its_answers_and_counts_its_wordings(folder):
    load(folder)
    answer = take_part()
    folder.replace("topics/01-challenges/prompts/context.md", "Where do you work?", "Where exactly do you work?")

    assert load(folder) == ["changed  question challenges/context/where (text)"]
    question = Question.objects.get(key="where")
    assert question.revision == 2
    assert Answer.objects.get(question=question).pk == answer.pk
    assert Answer.objects.get().question_revision == 1
    assert Question.objects.get(key="what").revision == 1


def test_renumbered_sections_and_topics_stay_the_same_things(folder):
    load(folder)
    take_part()
    before = {row.key: row.pk for row in [*Section.objects.all(), *Topic.objects.all()]}
    for old, new in (("sections/01-local", "sections/07-local"), ("sections/02-nexus", "sections/01-nexus")):
        folder.rename(f"topics/01-challenges/{old}.md", f"topics/01-challenges/{new}.md")
    folder.rename("topics/01-challenges", "topics/03-challenges")

    assert load(folder) == [
        "changed  topic challenges (position)",
        "changed  section challenges/nexus (position)",
        "changed  section challenges/local (position)",
    ]
    assert {row.key: row.pk for row in [*Section.objects.all(), *Topic.objects.all()]} == before
    assert [section.key for section in Topic.objects.get(key="challenges").sections.all()] == ["nexus", "local"]
    assert [topic.key for topic in Course.objects.get().topics.all()] == ["gender", "challenges"]


def test_an_objective_may_move_to_another_topic(folder):
    load(folder)
    before = LearningObjective.objects.get(key="analyse").pk
    lines = "objectives:\n  - key: analyse\n    text: Analyse the link.\n"
    folder.replace("topics/01-challenges/topic.md", lines, "")
    folder.replace("topics/02-gender/topic.md", "short_title: Gender\n", "short_title: Gender\n" + lines)

    assert load(folder) == ["changed  learning objective gender/analyse (topic)"]
    assert LearningObjective.objects.get(key="analyse").pk == before


# --- Removals -----------------------------------------------------------------------------------------------


def test_what_nobody_worked_with_is_deleted(folder):
    load(folder)
    folder.remove("topics/01-challenges/prompts/context.md")
    folder.replace("topics/01-challenges/sections/01-local.md", ":::reflection context\n\n", "")
    folder.remove("topics/01-challenges/sections/02-nexus.md")

    assert load(folder) == [
        "changed  section challenges/local (text)",
        "deleted  section challenges/nexus",
        "deleted  point for reflection challenges/context",
    ]
    assert not Question.objects.exists()
    assert not ReflectionPrompt.objects.exists()
    assert Section.objects.count() == 2


def without_question(folder):
    folder.replace(
        "topics/01-challenges/prompts/context.md",
        "  - key: where\n    text: Where do you work?\n    hint: A town, a region.\n",
        "",
    )
    return Question, "where", "question challenges/context/where"


def without_prompt(folder):
    folder.remove("topics/01-challenges/prompts/context.md")
    folder.replace("topics/01-challenges/sections/01-local.md", ":::reflection context\n\n", "")
    return ReflectionPrompt, "context", "point for reflection challenges/context"


def without_section(folder):
    folder.rename("topics/01-challenges/sections/01-local.md", "topics/01-challenges/sections/01-near.md")
    return Section, "local", "section challenges/local"


def without_topic(folder):
    for path in [path for path in folder.contents() if path.startswith("topics/01-challenges/")]:
        folder.remove(path)
    for path in sorted((folder.root / "topics/01-challenges").rglob("*"), reverse=True):
        path.rmdir()
    (folder.root / "topics/01-challenges").rmdir()
    folder.replace("course.md", " topics/challenges", "")
    folder.replace("glossary.yaml", "challenges, ", "")
    folder.replace("references.yaml", "  topics: [challenges]\n", "")
    return Topic, "challenges", "topic challenges"


@pytest.mark.parametrize("without", [without_question, without_prompt, without_section, without_topic])
def test_what_people_worked_with_is_archived_and_comes_back_with_its_key(folder, without):
    load(folder)
    answer = take_part()
    model, key, label = without(folder)
    row = model.objects.get(key=key)

    assert f"archived {label} (people have worked with it)" in load(folder)
    row.refresh_from_db()
    assert row.archived_at is not None
    assert Answer.objects.get() == answer
    assert load(folder) == ["core: nothing changed"]

    folder = CourseFolder(folder.root)
    (folder.root / "topics/01-challenges/sections/01-near.md").unlink(missing_ok=True)
    assert f"back     {label}" in load(folder)
    row.refresh_from_db()
    assert row.archived_at is None
    assert Answer.objects.get().text == "Our town grows."
    assert load(folder) == ["core: nothing changed"]


@pytest.mark.parametrize("without", [without_question, without_prompt, without_topic])
def test_counters_follow_what_is_archived_and_brought_back(folder, without):
    load(folder)
    enrolment = take_part().enrolment
    without(folder)
    load(folder)
    enrolment.refresh_from_db()
    assert enrolment.questions_answered == 0

    load(CourseFolder(folder.root))
    enrolment.refresh_from_db()
    assert enrolment.questions_answered == 1


def test_answers_to_what_is_gone_stay_with_their_author(folder, as_ben, ben):
    load(folder)
    course, question = Course.objects.get(), Question.objects.get(key="where")
    enrolment = services.enrol(user=ben, course=course)
    Answer.objects.create(enrolment=enrolment, question=question, question_revision=1, text="Our town grows.")
    without_topic(folder)
    load(folder)

    assert "Our town grows." in as_ben.get("/my/answers/").text


def test_files_are_the_truth_for_what_was_edited_meanwhile(folder):
    load(folder)
    KeyPoint.objects.filter(key="link").update(text="Edited by hand.")
    Figure.objects.update(title="Edited")

    assert load(folder) == ["changed  figure cycle (title)", "changed  key point challenges/link (text)"]


# --- All or nothing -----------------------------------------------------------------------------------------


def test_an_error_anywhere_changes_nothing(folder):
    load(folder)
    before = everything()
    folder.replace("course.md", "title: Migration", "title: On migration")
    folder.write("topics/02-gender/sections/02-last.md", "---\ntitle: Last\n---\n\n[[nothing]]\n")

    with pytest.raises(CommandError):
        load(folder)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_clash(folder):
    def run(_number):
        try:
            return load(folder)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        first, *others = sorted(pool.map(run, range(3)), key=len, reverse=True)

    assert first[0] == "added    course core"
    assert others == [["core: nothing changed"]] * 2
    assert Course.objects.get().version == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_half_way_leaves_the_course_as_it_was_or_complete(folder):
    load(folder)
    before = everything()
    for number in range(30):
        folder.write(f"topics/02-gender/sections/{number + 10}-new-{number}.md", f"---\ntitle: New\n---\n\n{number}\n")
    for delay in kill_imports(folder, 6):
        wait_until_alone()
        assert Section.objects.count() in {3, 33}, f"killed after {delay} s"
        if Section.objects.count() == 3:
            assert everything() == before

    load(folder)
    assert Section.objects.count() == 33
    assert load(folder) == ["core: nothing changed"]


def kill_imports(folder, times):
    """Start an import and kill it, *times* times; give after how many seconds."""
    environment = {**os.environ, "DATABASE_URL": address_of_database()}
    command = [sys.executable, "-c", IMPORTS, str(folder.root)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    with subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, **pipes) as process:
        for number in range(times):
            process.stdin.write("next\n")
            pid = int(process.stdout.readline())
            delay = random.uniform(number, number + 1) * 0.05
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            yield delay
        process.stdin.close()


# Starts an import in a process of its own for each line that it reads, and says its number.
IMPORTS = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "jmdi.settings"
import django
django.setup()
from django.core.management import call_command
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        sys.stdout = open(os.devnull, "w")
        call_command("import_course", sys.argv[1])
        signal.pause()
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""


def address_of_database():
    """Return the address of the database that this test runs on."""
    values = connection.settings_dict
    place = f"{values['HOST']}:{values['PORT'] or 5432}"
    if values["HOST"].startswith("/"):
        return f"postgres://{values['USER']}@/{values['NAME']}?host={values['HOST']}"
    return f"postgres://{values['USER']}:{values['PASSWORD']}@{place}/{values['NAME']}"


def wait_until_alone():
    """Wait until the server has noticed that the killed process is gone."""
    with connection.cursor() as cursor:
        for _time in range(100):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("the killed import still holds its connection")
