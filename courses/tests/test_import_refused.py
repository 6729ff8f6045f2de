# ruff: noqa: E501  messages are quoted whole
"""What an import refuses: everything that is wrong, all at once, each with its file and line."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from courses.coursefiles import CourseFilesError, read_course
from courses.models import Course
from courses.tests.coursefolder import CARE, FIGURE, GLOSSARY, PROMPT, CourseFolder

LOCAL = "topics/01-challenges/sections/01-local.md"
NEXUS = "topics/01-challenges/sections/02-nexus.md"
CONTEXT = "topics/01-challenges/prompts/context.md"
CASE = "topics/01-challenges/case-studies/frankfurt.md"
TOPIC = "topics/01-challenges/topic.md"


@pytest.fixture
def folder(tmp_path):
    return CourseFolder(tmp_path / "core")


def problems(folder):
    root = folder if isinstance(folder, os.PathLike) else folder.root
    with pytest.raises(CourseFilesError) as caught:
        read_course(root)
    return [str(problem).replace(str(root), "ROOT") for problem in caught.value.problems]


def test_the_course_of_these_tests_is_in_order(folder):
    assert read_course(folder.root).key == "core"


# --- Bodies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "problem"),
    [
        (LOCAL, ":::figure cycle", ":::image cycle", f"{LOCAL}:11: “:::image cycle” is not a directive. There are"),
        (LOCAL, ":::figure cycle", ":::figure none", f"{LOCAL}:11: There is no figure “none” in this course."),
        (LOCAL, "[[diaspora]]", "[[none]]", f"{LOCAL}:5: There is no glossary term “none” in this course."),
        (LOCAL, "frankfurt", "none", f"{LOCAL}:9: There is no case study “none” in this topic."),
        (LOCAL, "topics/gender/care", "topics/gender/none", f"{LOCAL}:13: There is no related module, topic or section"),
        (LOCAL, "topics/gender/care", "topics/none", f"{LOCAL}:13: There is no related module, topic or section"),
        (LOCAL, "module-1/topic-2", "module-9", f"{LOCAL}:13: There is no related module, topic or section “module-9”"),
        (NEXUS, "[[diaspora\\|one]]", "[[none\\|one]]", f"{NEXUS}:7: There is no glossary term “none” in this course."),
        (NEXUS, "| A | B |", "# A\n\n| A | B |", f"{NEXUS}:5: Headings in a text start at “##”"),
        ("course.md", ":::figure cycle", ":::reflection context", "course.md:17: “:::reflection” cannot stand in this text."),
        (TOPIC, "What this", ":::case-study frankfurt\n\nThis", f"{TOPIC}:15: “:::case-study” cannot stand in this text."),
        (CONTEXT, "questions:", "for_next_steps: 1\nquestions:", f"{CONTEXT}:3: “for_next_steps”: it is true or false."),
        (CONTEXT, "Think", ":::figure cycle\n\nThink", f"{CONTEXT}:11: “:::figure” cannot stand in this text."),
        (CASE, "A city", "![x](//evil.example/x.png) A city", f"{CASE}:7: An image comes from “/static/…” or “/media/…”"),
        ("credits.md", "## Source", "\n\n### Source", "credits.md:3: A level of headings is left out"),
        ("credits.md", "Of them.", "[[none]]", "credits.md:5: There is no glossary term “none” in this course."),
        ("glossary.yaml", "    - by phone\n", "    - [[none]]\n", "glossary.yaml:12: There is no glossary term “none”"),
        ("glossary.yaml", "    Money", "\n\n    [x](data:x) Money", "glossary.yaml:11: A link leads to"),
        ("glossary.yaml", "    Money", "    ## Money\n\n    It", "glossary.yaml:9: A definition has no headings."),
        ("figures/cycle.md", "- leave", "- [leave](page)", "figures/cycle.md:6: A link leads to"),
        ("figures/cycle.svg", "<line ", "<script/><line ", "figures/cycle.svg:5: <script> is not allowed"),
        ("figures/cycle.svg", "</svg>", "", "figures/cycle.svg:5: This is not well-formed SVG: no element found."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_text_or_drawing_is_named(folder, path, old, new, problem):
    folder.replace(path, old, new)

    [found] = problems(folder)
    assert found.startswith(problem)


def test_a_prompt_is_placed_once(folder):
    folder.replace(NEXUS, "| A | B |", ":::reflection context\n\n| A | B |")
    assert problems(folder) == [f"{NEXUS}:5: the point for reflection “context” is placed at {LOCAL}:7, too."]

    folder.replace(NEXUS, ":::reflection context\n\n", "")
    folder.replace(LOCAL, ":::reflection context\n\n", "")
    assert problems(folder) == [f"{CONTEXT}:1: no section places this point for reflection (“:::reflection context”)."]

    folder.replace(LOCAL, ":::figure", ":::reflection context\n\n:::reflection context\n\n:::figure")
    assert problems(folder) == [f"{LOCAL}:11: “context” stands in this text already."]


# --- Fields -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("course.md", "title: Migration and local development\n", "", "course.md:2: the field “title” is missing."),
        ("course.md", "short_title: Core", "short_title:", "course.md:3: “short_title”: it is empty."),
        ("course.md", "language: en", "langauge: en", [
            "course.md:2: the field “language” is missing.",
            "course.md:4: there is no field “langauge” here; there are: title, short_title, language, summary, source, "
            "objectives, related_modules.",
        ]),
        ("course.md", "short_title: Core", f"short_title: {'x' * 61}",
         "course.md:3: “short_title”: Ensure this value has at most 60 characters (it has 61)."),
        ("course.md", "short_title: Core", "short_title: |-\n  a\n  b", "course.md:3: “short_title”: it must be one line."),
        ("course.md", "title: Migration and local development", "title: [a, b]", "course.md:2: “title” is text, not a list."),
        ("course.md", "title: Migration and local development", "title: {a: b}", "course.md:2: “title” is text, not a mapping."),
        ("course.md", "objectives:\n  - key: explain\n    text: 'Explain: what, and why.'\n", "objectives: 5\n",
         "course.md:7: here belongs a list of learning objective entries, not text."),
        ("course.md", "  - key: explain\n    text: 'Explain: what, and why.'\n", "  - explain\n",
         "course.md:8: an entry has fields: key, text."),
        ("course.md", "  - key: explain\n    text:", "  - text:", "course.md:8: the field “key” is missing."),
        ("course.md", "key: explain", "key: Explain It",
         "course.md:8: a key is lower-case letters, digits and single hyphens, at most 60."),
        ("course.md", "key: explain", "key: [explain]",
         "course.md:8: a key is lower-case letters, digits and single hyphens, at most 60."),
        ("course.md", "key: module-1", "key: topics",
         ["course.md:11: “topics” cannot be a module's key: cross-references use it.",
          "course.md:19: There is no related module, topic or section “module-1” in this course.",
          f"{LOCAL}:13: There is no related module, topic or section “module-1/topic-2” in this course."]),
        (TOPIC, "key: link", "key: cycle", f"{TOPIC}:11: the key “cycle” is taken on line 9."),
        (TOPIC, "key: analyse", "key: explain",
         f"{TOPIC}:6: the objective's key “explain” is taken in course.md:8; objectives have their keys in the whole course."),
        (CONTEXT, "text: What changes there?", "txt: What?", [
            f"{CONTEXT}:7: the field “text” is missing.",
            f"{CONTEXT}:8: there is no field “txt” here; there are: text, hint.",
        ]),
        (CONTEXT, "questions:\n  - key: where\n    text: Where do you work?\n    hint: A town, a region.\n"
         "  - key: what\n    text: What changes there?\n", "",
         f"{CONTEXT}:1: a point for reflection has at least one entry in “questions”."),
        (CASE, "kind: case", "kind: story", f"{CASE}:3: “kind”: “story” is not known; there are: case, resource."),
        ("glossary.yaml", "key: remittances", "key: diaspora", "glossary.yaml:6: the key “diaspora” is taken on line 1."),
        ("glossary.yaml", "term: Diaspora", "word: Diaspora", [
            "glossary.yaml:1: the field “term” is missing.",
            "glossary.yaml:2: there is no field “word” here; there are: term, definition, topics.",
        ]),
        ("glossary.yaml", "  definition: People with a *link* to a place.\n", "", "glossary.yaml:1: the field “definition” is missing."),
        ("glossary.yaml", "People with a *link* to a place.", "''", "glossary.yaml:3: “definition” is empty."),
        ("glossary.yaml", "[challenges, gender]", "[challenges, none]",
         "glossary.yaml:4: there is no topic “none”; there are: challenges, gender."),
        ("glossary.yaml", "[challenges, gender]", "challenges", "glossary.yaml:4: “topics” is a list of topic keys."),
        ("glossary.yaml", "[challenges, gender]", "[[challenges]]", "glossary.yaml:4: “topics” is a list of topic keys."),
        ("references.yaml", "https://example.org/tesson", "javascript:alert(1)", "references.yaml:8: “url”: Enter a valid URL."),
    ],
)  # fmt: skip
def test_a_field_that_is_missing_unknown_or_of_another_kind_is_named(folder, path, old, new, expected):
    folder.replace(path, old, new)

    assert problems(folder) == ([expected] if isinstance(expected, str) else expected)


# --- YAML ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yaml", "line", "reason"),
    [
        ("title: &a Care\nx: *a", 2, "anchors and aliases (“&”, “*”) are not allowed; put such text in quotes."),
        ("title: *a", 2, "anchors and aliases (“&”, “*”) are not allowed; put such text in quotes."),
        ("title: Care\nnote: !!python/object:os.system x", 3, "tags (“!”) are not allowed; put such text in quotes."),
        ("title: !x Care", 2, "tags (“!”) are not allowed; put such text in quotes."),
        ("title: Care\ntitle: Care", 3, "“title” is given twice."),
        ("title: Care\n\tx: y", 3, "this is not YAML: found character '\\t' that cannot start any token."),
        ("title: a: b", 2, "this is not YAML: mapping values are not allowed here."),
        ("title: [a", 2, "this is not YAML: expected ',' or ']', but got '<stream end>'."),
        ("title: 'a", 2, "this is not YAML: found unexpected end of stream."),
        ("? [a]\n: b", 2, "a field's name is one word."),
        ("title: " + "[" * 12 + "]" * 12, 2, "lists and mappings are nested more than 6 deep."),
        ("title: Care\n...\nx: y", 4, "this is not YAML: expected '<document start>', but found '<block mapping start>'."),
        ("title: Care\n--- x", 3, "there is more than one document (“---”) here."),
        ("- a\n- b", 2, "the fields are written “name: text”, one under the other."),
        ("Care", 2, "the fields are written “name: text”, one under the other."),
        ("title: \"a\\0b\"", 2, "there is a control character here, written with “\\”."),
    ],
)  # fmt: skip
def test_of_yaml_only_plain_lists_and_fields_are_read(folder, yaml, line, reason):
    folder.write("topics/02-gender/sections/01-care.md", f"---\n{yaml}\n---\n\nText.\n")

    assert problems(folder) == [f"topics/02-gender/sections/01-care.md:{line}: {reason}"]


@pytest.mark.parametrize("value", ["No", "2015", "1e3", "0x1F", "~", "null", "12:30:45", "2014-01-01", ".inf", "<<"])
def test_text_stays_the_text_that_was_written(folder, value):
    folder.replace(NEXUS, "'The nexus: what is this?'", value)
    [topic, _other] = read_course(folder.root).all("topics")

    assert topic.all("sections")[1].values["title"] == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: the file begins with “---”, its fields, and “---” again; then its text."),
        ("title: Care\n---\nText.", "1: the file begins with “---”, its fields, and “---” again; then its text."),
        ("\n---\ntitle: Care\n---\n", "1: the file begins with “---”, its fields, and “---” again; then its text."),
        ("---\ntitle: Care\n\nText.\n", "1: the fields that begin here are not closed by “---” on a line alone."),
        ("----\ntitle: Care\n----\n", "1: the file begins with “---”, its fields, and “---” again; then its text."),
        ("---\n---\nText.", "1: the field “title” is missing."),
        ("---\n# nothing\n---\nText.", "1: the field “title” is missing."),
    ],
)
def test_a_file_without_front_matter_is_refused(folder, text, problem):
    folder.write("topics/02-gender/sections/01-care.md", text)

    assert problems(folder) == [f"topics/02-gender/sections/01-care.md:{problem}"]


# --- Files and folders --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        (LOCAL, "---\ntitle: Straße\n---\n".encode("latin-1"), f"{LOCAL}:2: this is not UTF-8; save the file with that encoding."),
        (LOCAL, "---\ntitle: x\n---\n".encode("utf-16"), f"{LOCAL}:1: this is not UTF-8; save the file with that encoding."),
        ("glossary.yaml", b"- key: a\n  term: \x00\n", "glossary.yaml:2: there is a control character here ('\\x00')."),
        ("credits.md", b"a\n\nb\x1b[0m", "credits.md:3: there is a control character here ('\\x1b')."),
        (LOCAL, b"x" * 1_000_001, f"{LOCAL}: the file is larger than 1,000,000 bytes."),
        ("figures/cycle.svg", b"", "figures/cycle.svg: the file is empty."),
        ("notes.txt", b"x", "notes.txt: this does not belong here; there are: activities, course.md, credits.md, figures, glossary.yaml, handouts, references.yaml, topics."),
        ("topics/01-challenges/section/01-a.md", b"x", "topics/01-challenges/section: this does not belong here; there are: case-studies, prompts, sections, topic.md."),
        ("topics/third/topic.md", b"x", "topics/third: a folder here is named NN-KEY, like 01-the-local-level."),
        ("topics/03-third", b"x", "topics/03-third: a folder here is named NN-KEY, like 01-the-local-level."),
        ("topics/03-third/sections/01-a.md", CARE.encode(), "topics/03-third: there is no topic.md in this folder."),
        ("topics/01-challenges/sections/03-print.md", b"---\ntitle: Print\n---\n", "topics/01-challenges/sections/03-print.md:1: “print” is the address of another page; a section needs another key."),
        ("topics/03-search/topic.md", b"---\ntitle: Search\nshort_title: S\n---\n", "topics/03-search: “search” is the address of another page; a topic needs another key."),
        ("topics/03-gender/topic.md", b"---\ntitle: G\nshort_title: G\n---\n", "topics/03-gender: the key “gender” is that of topics/02-gender, too."),
        ("topics/02-third/topic.md", b"---\ntitle: T\nshort_title: T\n---\n", "topics/02-third: the number 02 is that of topics/02-gender, too."),
        ("topics/02-gender/sections/care.md", CARE.encode(), "topics/02-gender/sections/care.md: a file here is named NN-KEY.md, like 01-the-local-level.md."),
        ("topics/02-gender/sections/02-Care.md", CARE.encode(), "topics/02-gender/sections/02-Care.md: a file here is named NN-KEY.md, like 01-the-local-level.md."),
        ("topics/02-gender/sections/02-more.txt", CARE.encode(), "topics/02-gender/sections/02-more.txt: a file here is named NN-KEY.md, like 01-the-local-level.md."),
        ("topics/02-gender/sections/02-care.md", CARE.encode(), "topics/02-gender/sections/02-care.md: the key “care” is that of topics/02-gender/sections/01-care.md, too."),
        ("topics/02-gender/sections/01-more.md", CARE.encode(), "topics/02-gender/sections/01-more.md: the number 01 is that of topics/02-gender/sections/01-care.md, too."),
        ("topics/02-gender/prompts/A.md", PROMPT.encode(), "topics/02-gender/prompts/A.md: a file here is named KEY.md; a key is lower-case letters, digits, hyphens."),
        ("figures/other.md", FIGURE.encode(), "figures/other.md: its drawing figures/other.svg is missing."),
        ("figures/other.svg", b"<svg/>", "figures/other.svg: its figures/other.md is missing."),
        ("topics/02-gender/prompts/more/a.md", b"x", "topics/02-gender/prompts/more: a file here is named KEY.md; a key is lower-case letters, digits, hyphens."),
    ],
)  # fmt: skip
def test_a_file_that_does_not_belong_or_cannot_be_read_is_named(folder, path, data, problem):
    folder.write(path, data)

    assert problems(folder) == [problem]


def test_files_and_folders_are_not_confused(folder):
    folder.remove("credits.md")
    (folder.root / "credits.md").mkdir()
    assert problems(folder) == ["credits.md: this is a file where a folder belongs, or the other way round."]


@pytest.mark.parametrize(
    ("name", "target"), [("topics/03-linked", "topics/02-gender"), ("figures/linked.md", "/etc/passwd"), ("x", "/gone")]
)
def test_links_are_not_followed(folder, name, target):
    (folder.root / name).symlink_to(folder.root / target)

    assert f"{name}: this is a link or a device; only files and folders are read." in problems(folder)


def test_a_pipe_does_not_stop_an_import(folder):
    os.mkfifo(folder.root / "figures/pipe.md")

    assert problems(folder) == ["figures/pipe.md: this is a link or a device; only files and folders are read."]


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.md").write_text("x")
    no_course = "ROOT: there is no course.md in this folder; it is not a course."

    assert problems(tmp_path / "gone") == ["ROOT: there is no such folder."]
    assert problems(tmp_path / "file") == ["ROOT: there is no such folder."]
    assert problems(tmp_path / "empty") == [no_course]
    assert problems(tmp_path / "other") == [no_course]


def test_the_folders_name_is_a_key(tmp_path):
    folder = CourseFolder(tmp_path / "Core Module")
    reason = "the folder's name is the course's key: lower-case letters, digits, hyphens."

    assert problems(folder) == [f"ROOT: {reason}"]


# --- Together -----------------------------------------------------------------------------------------------


def test_all_problems_are_reported_at_once_in_the_order_of_the_files(folder):
    folder.replace("course.md", "language: en", "language: much-too-long")
    folder.replace("course.md", "[[diaspora|", "[[none|")
    folder.replace("glossary.yaml", "key: remittances", "key: diaspora")
    folder.replace(LOCAL, ":::case-study frankfurt", ":::case-study x")
    folder.replace(CASE, "kind: case", "kind: story")

    assert [problem.split(": ")[0] for problem in problems(folder)] == [
        "course.md:4", "course.md:15", "glossary.yaml:6", f"{CASE}:3", f"{LOCAL}:9",
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_brings_no_false_alarms_but_hides_no_other_mistake(folder):
    folder.write("glossary.yaml", GLOSSARY.replace("term: Diaspora", "term: Diaspora: x"))
    folder.replace(NEXUS, "| A | B |", "# A\n\n| A | B |")

    assert [problem.split(": ")[0] for problem in problems(folder)] == ["glossary.yaml:2", f"{NEXUS}:5"]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_where_and_that_nothing_was_changed(folder):
    folder.replace(LOCAL, ":::case-study frankfurt", ":::case-study x")
    errors = StringIO()

    with pytest.raises(CommandError) as caught:
        call_command("import_course", folder.root, stderr=errors)
    assert errors.getvalue() == f"{LOCAL}:9: There is no case study “x” in this topic.\n"
    assert str(caught.value) == f"1 problem in {folder.root}; nothing was changed."
    assert not Course.objects.exists()
