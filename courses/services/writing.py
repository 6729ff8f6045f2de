"""Saving what people write, so that no text that reached us is ever lost.

All saves of one person in one course take turns: they lock the enrolment's row.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.constants import TEXT_MAX_LENGTH
from courses.models import Answer, Audience, Enrolment, Note, SectionProgress
from courses.models.writing import Written
from courses.progress import recount


class TextRefusedError(ValueError):
    """A text that cannot be stored; the message says why, to its author."""


class StaleTextError(Exception):
    """Another text was saved since this one was begun: `row` has it. The text sent is kept among the earlier ones."""

    def __init__(self, row: Written) -> None:
        super().__init__(f"version {row.version} is stored")
        self.row = row


@dataclass(frozen=True)
class Draft:
    """A text as a page sends it.

    *version* is the one that it was written on: 0 when there was none. *sitting* names the open page and *turn* counts
    that page's saves from 1; both stay empty where a browser runs no scripts. *choice* is what its author says to do
    with it beside another text that is stored: "join" puts it behind that one, "other" keeps that one.
    """

    text: str
    version: int
    sitting: str = ""
    turn: int = 0
    choice: str = ""


def save_answer(
    *,
    enrolment: Enrolment,
    topic_id: int,
    section_id: int | None,
    question_id: int,
    revision: int,
    draft: Draft,
    audience: str = "",
) -> Answer:
    """Store *draft* as the answer to a question, and keep the counters in step.

    *section_id* is where the question stands, if it still does. *revision* is its wording that was shown. *audience*
    says who may read the answer from now on, if that was changed; it holds even when the text is refused. Raises
    TextRefusedError for a text that cannot be stored and StaleTextError when another was saved meanwhile. The same text
    once more is no new version.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        answer = Answer.objects.filter(enrolment=enrolment, question_id=question_id).first()
        if answer is None:
            answer = Answer(enrolment=enrolment, question_id=question_id, question_revision=revision)
        if audience in Audience.values and audience != answer.audience and not _is_late(answer, draft):
            answer.audience = audience
            _save(answer, ["audience"])
        was_blank, version = not answer.text.strip(), answer.version
        refusal = write_draft(answer, draft, question_revision=revision)
        if answer.version != version:
            if section_id and version == 0:
                SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
            enrolment.last_section_id = section_id or enrolment.last_section_id
            if was_blank != (not answer.text.strip()):
                recount(enrolment, topic_id)
            else:
                enrolment.last_active_at = timezone.now()
                enrolment.save(update_fields=["last_section", "last_active_at"])
    if refusal:
        raise refusal
    return answer


def save_note(*, enrolment: Enrolment, topic_id: int, draft: Draft) -> Note:
    """Store *draft* as the person's note on a topic. Raises as `save_answer` does."""
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
        note = Note.objects.filter(enrolment=enrolment, topic_id=topic_id).first()
        note = note or Note(enrolment=enrolment, topic_id=topic_id)
        refusal = write_draft(note, draft)
    if refusal:
        raise refusal
    return note


def clean_text(text: str) -> str:
    """Return *text* as it will be stored: as typed, but with the line ends that browsers send made plain.

    Raises TextRefusedError for what PostgreSQL cannot hold and for more than 20,000 characters.
    """
    text = text.replace("\r\n", "\n")
    if "\x00" in text:
        raise TextRefusedError(_("Your text holds a character that cannot be saved (NUL). Remove it and save again."))
    if len(text) > TEXT_MAX_LENGTH:
        raise TextRefusedError(
            _("Your text is %(length)s characters long; at most %(most)s can be saved. Shorten it and save again.")
            % {"length": len(text), "most": TEXT_MAX_LENGTH}
        )
    return text


_SITTING = ["sitting", "sitting_base", "sitting_turn"]


# --- Within the lock ----------------------------------------------------------------------------------------


def write_draft(row: Written, draft: Draft, **seen: Any) -> TextRefusedError | StaleTextError | None:
    """Store *draft* in *row* if it follows on what is stored there; else return why not. Whatever it replaces is kept.

    Whoever calls it holds a lock. *seen* are further columns that go with a new text. Returned and not raised, so that
    what was kept is committed.
    """
    try:
        text = clean_text(draft.text)
    except TextRefusedError as error:
        return error
    same_sitting = _is_same_sitting(row, draft)
    if _is_late(row, draft):
        # It comes once more, or late: this page has saved a newer text since.
        if not only_adds(text, row.text):
            keep_text(row, text, draft.version)
        return None
    follows = draft.version == row.version or (same_sitting and draft.version >= row.sitting_base)
    if draft.choice == "other" or not (follows or _is_stored(row, draft, text)):
        keep_text(row, text, draft.version, is_set_aside=True)
        return None if draft.choice == "other" else StaleTextError(row)
    if _is_stored(row, draft, text):
        if follows and row.version:
            _sit(row, draft)
            _save(row, _SITTING)
        return None
    if draft.choice == "join":
        try:
            text = clean_text(f"{row.text}\n\n{text}")
        except TextRefusedError as error:
            return error
    if row.text and not (same_sitting and only_adds(row.text, text)):
        keep_text(row, row.text, row.version)
    _sit(row, draft)
    row.text = text
    row.version += 1
    for name, value in seen.items():
        setattr(row, name, value)
    _save(row, ["text", "version", "updated_at", *_SITTING, *seen])
    return None


def _is_same_sitting(row: Written, draft: Draft) -> bool:
    return draft.sitting != "" and row.sitting == draft.sitting


def _is_late(row: Written, draft: Draft) -> bool:
    """Whether the page that *draft* comes from has saved something newer since."""
    return _is_same_sitting(row, draft) and draft.turn <= row.sitting_turn


def _is_stored(row: Written, draft: Draft, text: str) -> bool:
    return text == row.text or (draft.choice == "join" and row.text.endswith(f"\n\n{text}"))


def _sit(row: Written, draft: Draft) -> None:
    """Remember which page saved last, and how far it has counted."""
    if row.sitting != draft.sitting:
        row.sitting, row.sitting_base = draft.sitting, draft.version
    row.sitting_turn = draft.turn


def only_adds(old: str, new: str) -> bool:
    """Return whether *new* is *old* with something added in one place: then nothing of *old* is gone."""
    same = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return len(new) >= len(old) and new.endswith(old[same:])


def keep_text(row: Written, text: str, version: int, *, is_set_aside: bool = False) -> None:
    """Keep *text* among the earlier ones of *row*, once."""
    if not text or (is_set_aside and text == row.text):
        return
    if row._state.adding:
        row.save()
    if row.earlier_texts.filter(text=text).exists():
        return
    row.earlier_texts.create(
        text=text,
        version=version,
        is_set_aside=is_set_aside,
        saved_at=timezone.now() if is_set_aside else row.updated_at,
        **row.kept_with(is_set_aside=is_set_aside),
    )


def _save(row: Written, fields: list[str]) -> None:
    """Insert a new row, or write *fields* of one that is there."""
    row.save(update_fields=None if row._state.adding else fields)
