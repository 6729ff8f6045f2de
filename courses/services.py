"""The writes that touch several rows or need a lock. Each is one short transaction; doing one twice is harmless."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from courses import published, search
from courses.constants import ANSWER_MAX_LENGTH
from courses.models import Answer, Course, Enrolment, SectionProgress
from courses.progress import recount, recount_everybody


class AnswerRefusedError(ValueError):
    """A text that cannot be stored; the message says why, to its author."""


class StaleAnswerError(Exception):
    """Somebody (the author in another window) has saved since this text was opened; `answer` is what is stored."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"version {answer.version} is stored")
        self.answer = answer


@transaction.atomic
def publish(*, course: Course) -> None:
    """Show readers the course as its rows are now. Does nothing when that changes nothing.

    Editing and importing call this last, in their own transaction.
    """
    # Of the row only its columns change: people may go on enrolling.
    course = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    document = published.build(course)
    if document == course.published:
        return
    course.published = document
    course.version += 1
    course.save(update_fields=["published", "version"])
    search.index(course)
    recount_everybody(course)


@transaction.atomic
def enrol(*, user: User, course: Course) -> Enrolment:
    """Let *user* take part in *course*, from now on or as already before."""
    enrolment, _created = Enrolment.objects.get_or_create(user=user, course=course)
    return enrolment


@transaction.atomic
def visit_section(*, enrolment: Enrolment, section_id: int) -> None:
    """Remember that the person is reading this section: `continue` leads here, on any device."""
    SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
    enrolment.last_section_id = section_id
    enrolment.last_active_at = timezone.now()
    enrolment.save(update_fields=["last_section", "last_active_at"])


@transaction.atomic
def mark_section(*, enrolment: Enrolment, topic_id: int, section_id: int, done: bool) -> None:
    """Mark a section as done, or take the mark back; keep the counters in step."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    progress, _created = SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
    if done != bool(progress.done_at):
        progress.done_at = timezone.now() if done else None
        progress.save(update_fields=["done_at"])
    enrolment.last_section_id = section_id
    recount(enrolment, topic_id)


@transaction.atomic
def save_answer(
    *,
    enrolment: Enrolment,
    topic_id: int,
    section_id: int,
    question_id: int,
    revision: int,
    text: str,
    version: int,
) -> Answer:
    """Store *text* as the answer to a question, and keep the counters in step.

    *version* is the one that the text was written on: 0 when there was none. *revision* is the wording of the
    question that was shown. Raises AnswerRefusedError for a text that cannot be stored and StaleAnswerError when a
    different text was saved meanwhile. The same text once more is no new version.
    """
    text = clean_answer(text)
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    answer = Answer.objects.filter(enrolment=enrolment, question_id=question_id).first()
    if answer is None:
        if not text:
            return Answer(enrolment=enrolment, question_id=question_id, text="", version=0, question_revision=revision)
        answer = Answer.objects.create(
            enrolment=enrolment, question_id=question_id, question_revision=revision, text=text
        )
    elif answer.text != text:
        if answer.version != version:
            raise StaleAnswerError(answer)
        answer.text, answer.question_revision = text, revision
        answer.version += 1
        answer.save(update_fields=["text", "question_revision", "version", "updated_at"])
    SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
    enrolment.last_section_id = section_id
    recount(enrolment, topic_id)
    return answer


def clean_answer(text: str) -> str:
    """Return *text* as it will be stored: as typed, but with the line ends that browsers send made plain.

    Raises AnswerRefusedError for what PostgreSQL cannot hold and for more than 20,000 characters.
    """
    text = text.replace("\r\n", "\n")
    if "\x00" in text:
        raise AnswerRefusedError(_("Your text holds a character that cannot be saved (NUL). Remove it and save again."))
    if len(text) > ANSWER_MAX_LENGTH:
        raise AnswerRefusedError(
            _("Your text is %(length)s characters long; at most %(most)s can be saved. Shorten it and save again.")
            % {"length": len(text), "most": ANSWER_MAX_LENGTH}
        )
    return text
