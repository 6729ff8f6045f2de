"""Everything one person wrote, in the order of the course: one structure for the page, for paper and for each file."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Answer, Audience, EarlierText, Enrolment, Note, Question, RescueFile
from courses.published import Data, PublishedCourse, PublishedSection, PublishedTopic, read


@dataclass
class WrittenText:
    """One text with what it answers. `question` is empty for a note, whose heading says what it is about.

    `question` is the present wording. Where the text answers an earlier one, `is_earlier_wording` says so, and `seen`
    has that wording if it is known. `change_url` and `earlier_url` are empty once the question has left the course.
    """

    question: str
    text: str
    saved_at: datetime
    audience: str
    is_earlier_wording: bool = False
    seen: str = ""
    change_url: str = ""
    earlier_url: str = ""

    @property
    def wording_note(self) -> str:
        """Say that another wording was answered, and which; nothing when it is the present one."""
        if not self.is_earlier_wording:
            return ""
        if self.seen:
            return _("Written under an earlier wording: “%(wording)s”") % {"wording": self.seen}
        return _("Written under an earlier wording of this question.")


@dataclass
class WrittenPart:
    """Texts under one heading: the questions of a point for reflection, or a note."""

    title: str
    texts: list[WrittenText]
    url: str = ""


@dataclass
class WrittenTopic:
    """What was written in one topic; or, without a number, about what has left the course."""

    key: str
    title: str
    parts: list[WrittenPart]
    number: int | None = None

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass
class ArrivedFile:
    """A rescue file that has arrived, who sent it in if not its author, and where the texts are that were set aside."""

    file: RescueFile
    sent_by: str = ""
    set_aside: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class WrittenCourse:
    """What was written in one course."""

    key: str
    title: str
    language: str
    answered: int
    total: int
    topics: list[WrittenTopic]
    first_section: PublishedSection | None
    rescue_files: list[ArrivedFile]


def written_by(user: User) -> list[WrittenCourse]:
    """Return the courses of *user*, each with the topics, prompts and questions that have an answer of theirs.

    Answers whose question has left the course follow last, with the wording that was stored: nothing is hidden.
    """
    enrolments = (
        user.enrolments.select_related("course")
        .defer("course__body", "course__compiled", "course__credits", "course__published")
        .order_by("course__title")
    )
    return [_course(enrolment) for enrolment in enrolments]


def _course(enrolment: Enrolment) -> WrittenCourse:
    course = read(enrolment.course)
    answers = {
        answer.question_id: answer
        for answer in enrolment.answers.filter(text__regex=r"\S").select_related("question__prompt__topic")
    }
    notes = {note.topic_id: note for note in enrolment.notes.filter(text__regex=r"\S").select_related("topic")}
    wordings = _wordings_seen(answers, course)
    topics = [
        WrittenTopic(topic.key, topic.title, _parts(course, topic, answers, wordings, notes), topic.number)
        for topic in course.topics
    ]
    topics += _left(course, answers, wordings, notes)
    return WrittenCourse(
        key=course.key,
        title=course.title,
        language=course.language,
        answered=sum(id_ in course.places for id_ in answers),
        total=course.questions_total,
        topics=[topic for topic in topics if topic.parts],
        first_section=next((section for section in course.sections if section.question_ids), None),
        rescue_files=_arrived(enrolment, course),
    )


def _parts(
    course: PublishedCourse,
    topic: PublishedTopic,
    answers: dict[int, Answer],
    wordings: dict[int, str],
    notes: dict[int, Note],
) -> list[WrittenPart]:
    parts = []
    # In the order in which they are read.
    order = {question_id: place for place, question_id in enumerate(course.places)}
    prompts = [prompt for prompt in topic.prompts.values() if prompt["questions"]]
    for prompt in sorted(prompts, key=lambda prompt: order.get(prompt["questions"][0]["id"], len(order))):
        placed = [row for row in prompt["questions"] if row["id"] in course.places and row["id"] in answers]
        texts = [_answer(course, topic, prompt, row, answers[row["id"]], wordings) for row in placed]
        if texts:
            _topic, section = course.places[placed[0]["id"]]
            parts.append(WrittenPart(prompt["title"], texts, section.url))
    if topic.id in notes:
        parts.append(WrittenPart(_("Notes to myself"), [_note(course, topic, notes[topic.id])]))
    return parts


def _left(
    course: PublishedCourse, answers: dict[int, Answer], wordings: dict[int, str], notes: dict[int, Note]
) -> list[WrittenTopic]:
    """Return what was written about questions and topics that have left the course."""
    here = {topic.id for topic in course.topics}
    asked: dict[str, list[WrittenText]] = {}
    for id_, answer in answers.items():
        if id_ not in course.places:
            text = WrittenText(
                answer.question.text,
                answer.text,
                answer.updated_at,
                answer.get_audience_display(),
                **_seen(id_, wordings),
            )
            asked.setdefault(answer.question.prompt.title, []).append(text)
    left_notes = [
        WrittenPart(note.topic.title, [WrittenText("", note.text, note.updated_at, Audience.PRIVATE.label)])
        for id_, note in notes.items()
        if id_ not in here
    ]
    return [
        WrittenTopic(
            "left-notes",
            _("Notes on topics that have left the course"),
            left_notes,
        ),
        WrittenTopic(
            "left-questions",
            _("Questions that have left the course"),
            [WrittenPart(title, texts) for title, texts in asked.items()],
        ),
    ]


def _answer(
    course: PublishedCourse,
    topic: PublishedTopic,
    prompt: Data,
    question: Data,
    answer: Answer,
    wordings: dict[int, str],
) -> WrittenText:
    _topic, section = course.places[question["id"]]
    return WrittenText(
        question=question["text"],
        text=answer.text,
        saved_at=answer.updated_at,
        audience=answer.get_audience_display(),
        change_url=f"{section.url}#answer-{prompt['key']}-{question['key']}",
        earlier_url=reverse("answer_earlier", args=[course.key, topic.key, prompt["key"], question["key"]]),
        **_seen(question["id"], wordings),
    )


def _note(course: PublishedCourse, topic: PublishedTopic, note: Note) -> WrittenText:
    return WrittenText(
        question="",
        text=note.text,
        saved_at=note.updated_at,
        audience=Audience.PRIVATE.label,
        change_url=f"{topic.url}#note-{topic.key}",
        earlier_url=reverse("note_earlier", args=[course.key, topic.key]),
    )


def _seen(question_id: int, wordings: dict[int, str]) -> dict[str, bool | str]:
    return {"is_earlier_wording": question_id in wordings, "seen": wordings.get(question_id, "")}


def _wordings_seen(answers: dict[int, Answer], course: PublishedCourse) -> dict[int, str]:
    """Return, for each answer to an earlier wording of its question, that wording; empty where it is not known."""
    shown = {
        question["id"]: question["revision"]
        for topic in course.topics
        for prompt in topic.prompts.values()
        for question in prompt["questions"]
    }
    stale = {
        (id_, answer.question_revision)
        for id_, answer in answers.items()
        if answer.question_revision != shown.get(id_, answer.question.revision)
    }
    if not stale:
        return {}
    rows = Question.history.filter(id__in=[id_ for id_, _revision in stale]).order_by("history_date", "history_id")
    known = {(id_, revision): text for id_, revision, text in rows.values_list("id", "revision", "text")}
    return {key[0]: known.get(key, "") for key in stale}


def _arrived(enrolment: Enrolment, course: PublishedCourse) -> list[ArrivedFile]:
    """Return the rescue files that have arrived. What was set aside carries the moment of its file's arrival."""
    arrived = [
        ArrivedFile(file, str(file.sent_by) if file.sent_by and file.sent_by_id != enrolment.user_id else "")
        for file in enrolment.rescue_files.select_related("sent_by")
    ]
    for item in arrived:
        if item.file.texts_set_aside:
            item.set_aside = _set_aside(enrolment, course, item.file)
    return arrived


def _set_aside(enrolment: Enrolment, course: PublishedCourse, file: RescueFile) -> list[tuple[str, str]]:
    aside = EarlierText.objects.filter(saved_at=file.received_at)
    answers = set(
        enrolment.answers.filter(Exists(aside.filter(answer=OuterRef("pk")))).values_list("question_id", flat=True)
    )
    notes = set(enrolment.notes.filter(Exists(aside.filter(note=OuterRef("pk")))).values_list("topic_id", flat=True))
    links = []
    for topic in course.topics:
        for prompt in topic.prompts.values():
            links += [
                (
                    question["text"],
                    reverse("answer_earlier", args=[course.key, topic.key, prompt["key"], question["key"]]),
                )
                for question in prompt["questions"]
                if question["id"] in answers and question["id"] in course.places
            ]
        if topic.id in notes:
            links.append((_("Notes to myself"), reverse("note_earlier", args=[course.key, topic.key])))
    return links


def count_words(enrolment: Enrolment) -> int:
    """Return how many words somebody has written in a course, notes to themselves included."""
    texts = enrolment.answers.values_list("text").union(enrolment.notes.values_list("text"), all=True)
    return sum(len(text.split()) for (text,) in texts)
