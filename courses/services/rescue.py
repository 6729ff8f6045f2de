"""Taking in a rescue file: texts that a page could not save, sent in by hand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Answer, Course, EarlierText, Enrolment, Note, Question, RescueFile
from courses.permissions import can_read
from courses.published import read
from courses.services.learning import enrol
from courses.services.writing import Draft, StaleTextError, clean_text, save_answer, save_note


class UnknownPlaceError(LookupError):
    """A rescue file holds a text for a place that no course has."""


@dataclass(frozen=True)
class RescuedText:
    """A text and the keys of where it belongs: course and topic for a note; prompt and question too for an answer."""

    keys: tuple[str, ...]
    draft: Draft


@transaction.atomic
def hand_in_rescue_file(*, author: User, sent_by: User, code: str, texts: list[RescuedText]) -> list[RescueFile]:
    """Save each text of *author*'s as its page would have, and return the receipt of each course that it has texts of.

    What does not follow on the stored text is set aside among the earlier ones. The same file once more changes nothing
    and returns the same receipts. Raises UnknownPlaceError or TextRefusedError, and then nothing has been saved.
    """
    by_course = defaultdict(list)
    for text in texts:
        by_course[text.keys[0]].append(text)
    return [_hand_in(author, sent_by, code, key, by_course[key]) for key in sorted(by_course)]


def _hand_in(author: User, sent_by: User, code: str, course_key: str, texts: list[RescuedText]) -> RescueFile:
    course = Course.objects.light().filter(key=course_key).first()
    if course is None or not (can_read(author, course) or author.enrolments.filter(course=course).exists()):
        raise UnknownPlaceError
    enrolment = enrol(user=author, course=course)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    now = timezone.now()
    # Even a file that is known is looked through: its copy may have been edited, and then holds something new.
    aside = sum(_save(enrolment, course, text) for text in texts)
    receipt, is_new = RescueFile.objects.get_or_create(
        enrolment=enrolment,
        code=code,
        defaults={"sent_by": sent_by, "texts_saved": len(texts) - aside, "texts_set_aside": aside},
    )
    if is_new:
        _stamp(receipt, now)
    return receipt


def _stamp(receipt: RescueFile, now: datetime) -> None:
    """Give the file and what has just been set aside one moment, by which `courses.written` finds them again."""
    receipt.received_at = now
    receipt.save(update_fields=["received_at"])
    aside = EarlierText.objects.filter(is_set_aside=True, saved_at__gte=now)
    aside.filter(answer__enrolment=receipt.enrolment_id).update(saved_at=now)
    aside.filter(note__enrolment=receipt.enrolment_id).update(saved_at=now)


def _save(enrolment: Enrolment, course: Course, text: RescuedText) -> bool:
    """Save a text, and return whether it was only set aside."""
    try:
        row = _save_row(enrolment, course, text)
    except StaleTextError:
        return True
    plain = clean_text(text.draft.text)
    return row.text != plain and row.earlier_texts.filter(text=plain).exists()


def _save_row(enrolment: Enrolment, course: Course, text: RescuedText) -> Answer | Note:
    if len(text.keys) == 2:
        topic = course.topics.filter(key=text.keys[1]).first()
        if topic is None:
            raise UnknownPlaceError
        return save_note(enrolment=enrolment, topic_id=topic.pk, draft=text.draft)
    _course, topic_key, prompt_key, question_key = text.keys
    question = (
        Question.objects.select_related("prompt")
        .filter(key=question_key, prompt__key=prompt_key, prompt__topic__key=topic_key, prompt__topic__course=course)
        .first()
    )
    if question is None:
        raise UnknownPlaceError
    _topic, section = read(course).places.get(question.pk, (None, None))
    return save_answer(
        enrolment=enrolment,
        topic_id=question.prompt.topic_id,
        section_id=section.id if section else None,
        question_id=question.pk,
        revision=question.revision,
        draft=text.draft,
    )
