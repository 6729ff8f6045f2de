"""Lists of people to invite, as facilitators have them: pasted from a mail or a sheet, or exported as CSV.

Good lines are taken; a bad one is named by its number, with the reason.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.constants import GUEST_DOMAIN
from accounts.forms import validate_one_line, validate_visible
from cohorts.constants import INVITATIONS_AT_ONCE
from cohorts.models import Invitation

_NAME_MAX = Invitation._meta.get_field("name").max_length
_EMAIL_MAX = Invitation._meta.get_field("email").max_length
# What the head of a column of names says, in our four languages: parts of a name are put together.
_NAME_HEADS = {"name", "full name", "first name", "last name", "surname", "nom", "prénom", "nombre", "apellido"}
_NAME_HEADS |= {"participant", "apellidos", "الاسم"}
_EMAIL_HEADS = {"email", "e-mail", "mail", "email address", "e-mail address", "courriel", "correo", "البريد الإلكتروني"}
_NAMED = re.compile(r"^(?P<name>.*?)<(?P<email>[^<>]*)>$")
# What stands between separators; those between quotation marks part nothing.
_PIECE = re.compile(r'(?:[^,;\t"]|"[^"]*"?)+')


class NotAListError(Exception):
    """A file in which nothing can be read; says why in plain words."""


@dataclass(frozen=True)
class Person:
    """Somebody to invite, and where in the list they stand."""

    line: int
    email: str
    name: str = ""


@dataclass(frozen=True)
class BadLine:
    """A line that names nobody whom we could write to."""

    line: int
    text: str
    reason: str


@dataclass
class PeopleList:
    """What was read; of people who stand there twice the first."""

    people: dict[str, Person] = field(default_factory=dict)
    twice: list[Person] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)

    def add(self, line: int, email: str, name: str, text: str) -> None:
        """Take somebody in, or note what is wrong."""
        person = Person(line, email.strip().lower(), " ".join(name.strip(" \"'").split(" ")))
        if reason := _what_is_wrong(person):
            self.bad.append(BadLine(line, text.strip()[:_EMAIL_MAX], reason))
        elif person.email in self.people:
            self.twice.append(person)
        elif len(self.people) == INVITATIONS_AT_ONCE:
            reason = _("More than %(count)s at once: invite the rest afterwards.") % {"count": INVITATIONS_AT_ONCE}
            self.bad.append(BadLine(line, text.strip()[:_EMAIL_MAX], reason))
        else:
            self.people[person.email] = person


def read_text(text: str) -> PeopleList:
    """Read people one a line, or several parted by commas or semicolons, each an address or “Name <address>”."""
    found = PeopleList()
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        for entry in _entries(line):
            email, name = _parts(entry)
            found.add(number, email, name, entry)
    return found


def read_csv(content: bytes) -> PeopleList:
    """Read people from a CSV file, with a head line or without, its columns in any order. Raises NotAListError."""
    text = _decode(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found = PeopleList()
    name_columns, is_first = None, True
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            heads = [cell.lower() for cell in cells]
            if is_first and not any("@" in cell for cell in cells) and {*heads} & (_EMAIL_HEADS | _NAME_HEADS):
                name_columns = [place for place, head in enumerate(heads) if head in _NAME_HEADS]
            else:
                email, name = _cells(cells, name_columns)
                found.add(rows.line_num, email, name, delimiter.join(cells))
            is_first = False
    except csv.Error:
        found.bad.append(BadLine(rows.line_num, "", _("From here on this file cannot be read as CSV.")))
    return found


def _decode(content: bytes) -> str:
    """Return the text of a file as spreadsheets write them."""
    if not content.strip():
        raise NotAListError(_("This file is empty."))
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and not text.startswith(("PK\x03", "%PDF")):
            return text
    raise NotAListError(_("This is no CSV file. In your spreadsheet program choose “Save as”, then “CSV”."))


def _cells(cells: list[str], name_columns: list[int] | None) -> tuple[str, str]:
    place = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    if place is None:
        return "", ""
    email, name = _parts(cells[place]) if "<" in cells[place] else (cells[place], "")
    if name_columns is None:
        others = [cell for other, cell in enumerate(cells) if other != place and cell]
        return email, name or (others[0] if others else "")
    return email, name or " ".join(cells[column] for column in name_columns if column < len(cells) and column != place)


def _entries(line: str) -> list[str]:
    """Part a line into people; one with a single address is one person, whatever commas their name has."""
    entries = [line] if line.count("@") <= 1 else _PIECE.findall(line)
    return [entry for entry in entries if entry.strip()]


def _parts(entry: str) -> tuple[str, str]:
    """Return address and name of “Name <address>”, “address”, or “address, Name” in any order."""
    entry = entry.strip().rstrip(",;").strip()
    if match := _NAMED.match(entry):
        return match["email"], match["name"]
    pieces = [piece.strip() for piece in _PIECE.findall(entry)]
    email = next((piece for piece in pieces if "@" in piece), entry)
    return email, " ".join(piece for piece in pieces if piece != email)


def _what_is_wrong(person: Person) -> str:
    if "@" not in person.email:
        return _("There is no e-mail address in this line.")
    try:
        validate_email(person.email)
    except ValidationError:
        return _("This is not an e-mail address.")
    if len(person.email) > _EMAIL_MAX or person.email.endswith("@" + GUEST_DOMAIN):
        return _("This is not an e-mail address.")
    if len(person.name) > _NAME_MAX:
        return _("The name is too long.")
    if "://" in person.name or "www." in person.name.lower():
        return _("This is no name: it holds a web address.")
    try:
        for validate in (validate_one_line, validate_visible) if person.name else ():
            validate(person.name)
    except ValidationError:
        return _("The name has characters that cannot be shown.")
    return ""
