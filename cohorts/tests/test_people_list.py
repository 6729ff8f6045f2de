"""Lists of people: pasted or as CSV; a bad line costs nothing but itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.constants import INVITATIONS_AT_ONCE
from cohorts.peoplelist import NotAListError, read_csv, read_text

FATOU, BEN = ("fatou@example.org", "Fatou Diop"), ("ben@example.org", "")


def found(people):
    return [(person.email, person.name) for person in people.people.values()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fatou@example.org\nben@example.org", [("fatou@example.org", ""), BEN]),
        ("Fatou@Example.org, ben@example.org; \r\n\r\n", [("fatou@example.org", ""), BEN]),
        ("Fatou Diop <fatou@example.org>", [FATOU]),
        ('"Diop, Fatou" <fatou@example.org>, <ben@example.org>', [("fatou@example.org", "Diop, Fatou"), BEN]),
        ("Diop, Fatou <fatou@example.org>", [("fatou@example.org", "Diop, Fatou")]),
        ("Fatou Diop <fatou@example.org>; Ben <ben@example.org>", [FATOU, ("ben@example.org", "Ben")]),
        ("fatou@example.org, Fatou Diop", [FATOU]),
        ("Fatou Diop\tfatou@example.org", [FATOU]),
        ("فاتو ديوب <fatou@example.org>,", [("fatou@example.org", "فاتو ديوب")]),
    ],
)
def test_what_people_paste_is_understood(text, expected):
    people = read_text(text)

    assert (found(people), people.bad) == (expected, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Fatou Diop", "There is no e-mail address in this line."),
        ("fatou@", "This is not an e-mail address."),
        ("fatou@example", "This is not an e-mail address."),
        ("fatou@guest.invalid", "This is not an e-mail address."),
        ("a" * 260 + "@example.org", "This is not an e-mail address."),
        ("x" * 151 + " <fatou@example.org>", "The name is too long."),
        ("Fa\x00tou <fatou@example.org>", "The name has characters that cannot be shown."),
        ("Fa\u202etou <fatou@example.org>", "The name has characters that cannot be shown."),
        ("Fatou\u2028Bcc: all@example.org <fatou@example.org>", None),
    ],
)
def test_a_bad_line_is_named_by_number_and_reason_and_good_ones_are_kept(line, reason):
    people = read_text(f"ada@example.org\n\n{line}\nben@example.org")

    assert found(people) == [("ada@example.org", ""), BEN]
    assert [bad.line for bad in people.bad] == [3]
    if reason:
        assert [bad.reason for bad in people.bad] == [reason]


def test_who_stands_there_twice_is_taken_once():
    people = read_text("ben@example.org\nBEN@example.org, Ben")

    assert found(people) == [BEN]
    assert [(person.line, person.email) for person in people.twice] == [(2, "ben@example.org")]


def test_more_than_can_be_invited_at_once_are_given_back():
    people = read_text("\n".join(f"p{number}@example.org" for number in range(INVITATIONS_AT_ONCE + 2)))

    assert len(people.people) == INVITATIONS_AT_ONCE
    assert [bad.line for bad in people.bad] == [INVITATIONS_AT_ONCE + 1, INVITATIONS_AT_ONCE + 2]


ACCENTED = [("fatou@example.org", "Fátou Ñandú"), BEN]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "email,name\nfatou@example.org,Fátou Ñandú\nben@example.org,\n",
        "Name;E-Mail\r\nFátou Ñandú;fatou@example.org\r\n;ben@example.org\r\n",
        "fatou@example.org;Fátou Ñandú\n\nben@example.org;",
        "Nombre\tCorreo\nFátou Ñandú\tfatou@example.org\n\tben@example.org",
        'First name,Last name,Town,Email\nFátou,Ñandú,Sfax,fatou@example.org\n,,"Tunis, centre",ben@example.org',
        'email,name\n"fatou@example.org","Fátou Ñandú"\n"ben@example.org",""',
    ],
)
def test_a_csv_file_is_read_as_spreadsheets_write_it(text, encoding):
    people = read_csv(text.encode(encoding))

    assert (found(people), people.bad) == (ACCENTED, [])


def test_bad_lines_of_a_file_have_the_numbers_that_a_spreadsheet_shows():
    people = read_csv(b"email,name\nfatou@example.org,Fatou Diop\nnobody,Nobody\n\nben@example.org,\n,,\nben@,Ben")

    assert found(people) == [FATOU, BEN]
    assert [(bad.line, bad.text) for bad in people.bad] == [(3, "nobody,Nobody"), (7, "ben@,Ben")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"PK\x03\x04 a workbook", "no CSV file"),
        (b"%PDF-1.7", "no CSV file"),
        (bytes(range(256)), "no CSV file"),
        (b"\xff\xfea", "no CSV file"),
    ],
)
def test_what_is_no_list_is_refused_with_words(content, words):
    with pytest.raises(NotAListError, match=words):
        read_csv(content)


def test_a_quotation_mark_that_is_never_closed_costs_what_follows_it_only():
    people = read_csv(b'fatou@example.org,Fatou Diop\n"ben@example.org,Ben\ncleo@example.org,Cleo\n')

    assert found(people) == [FATOU]
    assert len(people.bad) == 1


@given(st.binary(max_size=300))
def test_no_file_makes_it_fall_over(content):
    try:
        read_csv(content)
    except NotAListError as error:
        assert str(error)


@given(st.text(max_size=300))
def test_no_text_makes_it_fall_over(text):
    people = read_text(text)

    assert all("@" in person.email for person in people.people.values())
