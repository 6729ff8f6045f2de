"""Exporting a course: files that an import reads back to the same, and nobody else's files touched."""

import shutil
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from courses import services
from courses.coursefiles import CourseFilesError, write, write_course
from courses.coursefiles.yamltext import parse_yaml, write_yaml
from courses.models import Course, Question, Section
from courses.tests.coursefolder import FILES, CourseFolder

pytestmark = pytest.mark.django_db

LOCAL = "topics/01-challenges/sections/01-local.md"


@pytest.fixture
def folder(tmp_path):
    """The files of the course, imported."""
    folder = CourseFolder(tmp_path / "core")
    load(folder.root)
    return folder


def load(root):
    out = StringIO()
    call_command("import_course", root, stdout=out)
    return out.getvalue().splitlines()


def export(root, course="core"):
    out, errors = StringIO(), StringIO()
    call_command("export_course", course, root, stdout=out, stderr=errors)
    return out.getvalue().splitlines(), errors.getvalue().splitlines()


def contents(root):
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in root.rglob("*") if path.is_file()}


# --- Round trip ---------------------------------------------------------------------------------------------


def test_a_course_with_one_of_everything_comes_out_as_it_went_in(folder, tmp_path):
    written, complaints = export(tmp_path / "out" / "core")

    assert contents(tmp_path / "out" / "core") == FILES
    assert sorted(written) == sorted(FILES)
    assert complaints == []


def test_exporting_onto_the_same_touches_no_file(folder):
    before = {path: (folder.root / path).stat().st_mtime_ns for path in FILES}

    assert export(folder.root) == (["core: nothing changed"], [])
    assert {path: (folder.root / path).stat().st_mtime_ns for path in FILES} == before


def test_only_what_was_edited_is_written(folder):
    section = Section.objects.get(key="local")
    section.title = "Near: by"
    section.save()

    assert export(folder.root) == ([LOCAL], [])
    assert folder.contents()[LOCAL] == FILES[LOCAL].replace("The local level", "'Near: by'")
    assert load(folder.root) == ["core: nothing changed"]


def test_what_is_archived_is_in_no_file(folder, tmp_path):
    Question.objects.filter(key="what").update(archived_at="2026-01-01T00:00Z")
    export(tmp_path / "out" / "core")
    path = "topics/01-challenges/prompts/context.md"

    assert contents(tmp_path / "out" / "core")[path] == FILES[path].replace(
        "  - key: what\n    text: What changes there?\n", ""
    )


def test_a_prompt_for_next_steps_comes_out_as_it_went_in(folder, tmp_path):
    path = "topics/01-challenges/prompts/context.md"
    folder.replace(path, "questions:", "for_next_steps: true\nquestions:")
    assert load(folder.root) == ["changed  point for reflection challenges/context (for next steps)"]
    export(tmp_path / "out" / "core")

    assert contents(tmp_path / "out" / "core")[path] == folder.contents()[path]


def test_sections_in_one_place_get_numbers_of_their_own(folder, tmp_path):
    Section.objects.update(position=0)
    export(tmp_path / "out" / "core")
    names = [path.name for path in (tmp_path / "out/core/topics/01-challenges/sections").iterdir()]

    assert sorted(names) == ["01-local.md", "02-nexus.md"]


def test_a_course_that_cannot_be_imported_as_it_is_says_so(folder):
    Section.objects.filter(key="nexus").update(body="See [[nothing]].")
    written, complaints = export(folder.root)

    assert written == ["topics/01-challenges/sections/02-nexus.md"]
    assert complaints == [
        "The course is written, but cannot be imported as it is:",
        "topics/01-challenges/sections/02-nexus.md:5: There is no glossary term “nothing” in this course.",
    ]


def test_the_core_module_is_in_order_and_in_the_form_in_which_we_write(tmp_path):
    root = Path(settings.BASE_DIR) / "fixtures" / "core-module"
    load(root)

    assert load(root) == ["core-module: nothing changed"]
    export(tmp_path / "core-module", "core-module")
    assert contents(tmp_path / "core-module") == contents(root), (
        "bring the files into form: manage.py import_course fixtures/core-module; "
        "manage.py export_course core-module fixtures/core-module"
    )


FIELDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=130).map(str.strip)
PHRASES = st.lists(
    st.sampled_from(["word", "a: b", "# no", "- x", "'", '"', "\\", "%", "&a", "*a", "!t",
                     "{", "[", "|", ">", "~", "no", "  ", "\n"]),
    max_size=60,
).map(lambda words: " ".join(words).strip())  # fmt: skip


@hypothesis_settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(FIELDS | PHRASES)
def test_any_text_is_read_as_it_was_written(text):
    [entry] = parse_yaml(write_yaml([{"key": "a", "lines": [{"key": "b", "text": text}]}])).items

    assert entry.items["lines"].items[0].items["text"].value == text


# --- Nobody else's files ------------------------------------------------------------------------------------


def test_files_of_what_is_gone_are_removed_with_their_folders(folder):
    Section.objects.filter(topic__key="gender").delete()

    assert export(folder.root) == (
        ["topics/02-gender/sections/01-care.md"],
        [
            "The course is written, but cannot be imported as it is:",
            f"{LOCAL}:13: There is no related module, topic or section “topics/gender/care” in this course.",
        ],
    )
    assert not (folder.root / "topics/02-gender/sections").exists()
    assert (folder.root / "topics/02-gender/topic.md").exists()


def test_only_what_an_import_would_read_is_removed(folder):
    own = [
        "README.md", ".git/config.md", "notes/a.md", "figures/.draft.md", "figures/cycle.png", "figures/Old Figure.svg",
        "figures/more/old.svg", "topics/README.md", "topics/.trash/sections/01-a.md", "topics/02-gender/notes.md",
        "topics/02-gender/sections/draft.md", "topics/02-gender/sections/.01-care.md.swp",
    ]  # fmt: skip
    for path in own:
        folder.write(path, "mine")
    (folder.root / "topics/empty").mkdir()
    folder.write("topics/02-gender/sections/02-old.md", "read by an import")
    folder.write("figures/old.svg", "read by an import")

    written, _complaints = export(folder.root)
    assert written == ["figures/old.svg", "topics/02-gender/sections/02-old.md"]
    assert folder.contents() == {**FILES, **dict.fromkeys(own, "mine")}
    assert (folder.root / "topics/empty").is_dir()


def refused(root):
    before = contents(root) if root.is_dir() else None
    with pytest.raises(CommandError) as caught:
        export(root)
    assert (contents(root) if root.is_dir() else None) == before
    return str(caught.value).replace(str(root.absolute()), "ROOT")


def test_a_folder_that_is_not_this_courses_is_refused(folder, tmp_path):
    other, full, file, linked = (tmp_path / name / "core" for name in ("other", "full", "file", "linked"))
    for root in (other, full, file, linked):
        root.parent.mkdir()
    (full / "sub").mkdir(parents=True)
    file.write_text("x")
    linked.symlink_to(folder.root)

    assert refused(full) == "ROOT: the folder is not empty, and not a course (no course.md)."
    assert refused(file) == "ROOT: this is not a folder."
    assert refused(linked) == "ROOT: this is not a folder."
    assert refused(tmp_path / "other").startswith("ROOT: the folder's name is the course's key: write to ROOT/core.")
    other.mkdir()
    assert len(export(other)[0]) == len(FILES)


def test_links_in_the_folder_are_refused(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(folder.root / "figures")
    (folder.root / "figures").symlink_to(tmp_path / "elsewhere")

    assert refused(folder.root) == "ROOT/figures: this is a link; we write to files only."


def test_a_course_that_does_not_exist_is_refused_with_those_that_do(folder, tmp_path):
    with pytest.raises(CommandError) as caught:
        export(tmp_path / "none", "none")
    assert str(caught.value) == "There is no course “none”; there are: core."


# --- Half-written -------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_written_is_named_and_none_is_left_half_written(folder, tmp_path, monkeypatch):
    root = tmp_path / "out" / "core"
    export(root)
    Section.objects.filter(key="local").update(body="Changed.")

    def full(file, data):
        with file.open("wb") as half:
            half.write(data[:3])
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CourseFilesError) as caught:
        write_course(Course.objects.get(), root)
    monkeypatch.undo()

    assert str(caught.value).endswith(
        "this cannot be written: No space left on device. Export again once it can: the folder is half done."
    )
    assert contents(root) == FILES


def test_a_folder_in_the_place_of_a_file_is_named(folder):
    folder.remove("credits.md")
    folder.write("credits.md/own.txt", "mine")

    assert "this cannot be written: Is a directory" in refused(folder.root)


def test_readers_of_the_files_never_see_one_half_written(folder, tmp_path):
    """Each file is there as it was or as it will be, whenever one looks."""
    root = tmp_path / "out" / "core"
    long = "word " * 100_000
    section = Section.objects.get(key="nexus")
    seen, done = set(), threading.Event()

    def look():
        while not done.is_set():
            path = root / "topics/01-challenges/sections/02-nexus.md"
            if path.exists():
                seen.add(len(path.read_bytes()))

    reader = threading.Thread(target=look)
    reader.start()
    sizes = set()
    for number in range(10):
        section.body = long + str(number % 2) * (number % 2)
        Section.objects.filter(pk=section.pk).update(body=section.body.strip())
        files = write.files_of(Course.objects.get())
        sizes.add(len(files["topics/01-challenges/sections/02-nexus.md"].encode()))
        write_course(Course.objects.get(), root)
    done.set()
    reader.join()

    assert len(sizes) == 2
    assert seen <= sizes
    assert list(root.rglob(".*")) == []


def test_publishing_is_not_part_of_an_export(folder, tmp_path):
    version = Course.objects.get().version
    export(tmp_path / "out" / "core")
    services.publish(course=Course.objects.get())

    assert Course.objects.get().version == version
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["core"]
