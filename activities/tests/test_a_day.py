"""A whole day of the course with one cohort: twelve people, four of them on paper, seven activities, and the report."""

import csv
import re
import uuid
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from activities.models import CardField, Session
from activities.published import activities_of
from cohorts import services as cohort_services
from conftest import make_cohort, make_user, signed_in
from courses.models import Course
from courses.published import PublishedCourse, read

WITH_A_DEVICE = ("Aya", "Bilal", "Chedi", "Dior", "Elhadj", "Fatou", "Ghita", "Hamza")
ON_PAPER = ("Idrissa", "Jamila", "Koffi", "Leïla")


class Day:
    """The cohort, its facilitator at the console, and the people with a device, each at a browser of their own."""

    def __init__(self) -> None:
        call_command("import_course", settings.BASE_DIR / "fixtures" / "core-module", stdout=StringIO())
        row = Course.objects.get()
        self.course: PublishedCourse = read(row)
        ada = make_user("ada@example.org", name="Ada", is_facilitator=True)
        self.cohort = make_cohort(row, ada)
        self.ada = signed_in(ada)
        self.people: dict[str, Client] = {}
        for name in WITH_A_DEVICE:
            user = make_user(f"{name.lower()}@example.org", name=name)
            cohort_services.join(user=user, cohort=self.cohort)
            self.people[name] = signed_in(user)

    def open(self, number: str, *, groups: int = 0) -> None:
        """Open a session of the activity with *number* from its page; all with a device come."""
        plan = next(row for row in activities_of(self.course).activities if row.number == number)
        url = reverse("session_prepare", args=[self.course.key, plan.key])
        reply = self.ada.post(url, {"cohort": self.cohort.public_id})
        assert reply.status_code == 302
        self.session = Session.objects.order_by("-pk").first()
        self.phases = plan.phases
        for client in self.people.values():
            client.post(self._url("session_arrive"))
        if groups:
            self.ada.post(self._url("session_groups"), {"how": "number", "number": groups})
        self._verb("begin")
        self._verb("resume")
        self.position = 1

    def go_on(self) -> None:
        """Go to the next phase, and start its clock."""
        self._verb("go", **{"from": self.position, "to": self.position + 1})
        self.position += 1
        self._verb("resume")

    def act(self, name: str, action: str, **data) -> None:
        """Let somebody do something, which is taken."""
        client = self.ada if name == "Ada" else self.people[name]
        reply = client.post(self._url("session_act", action), {"phase": self.position, **data})
        assert reply.status_code == 302, reply.text

    def key_in(self, people: int, position: int | None = None, **data) -> None:
        """Key in what came back on paper."""
        url = self._url("session_paper_step", position or self.position)
        reply = self.ada.post(url, {"ticket": uuid.uuid4(), "people": people, **data})
        assert reply.status_code == 302, reply.text

    def end(self) -> str:
        """End the session; return what a participant finds in the results."""
        self._verb("end")
        return self.people["Aya"].get(self._url("session_results")).text

    def seen(self, face: str = "participant") -> str:
        """Return what all see alike."""
        return self.ada.get(self._url("session_shared", face)).text

    def _verb(self, verb: str, **data) -> None:
        assert self.ada.post(self._url("session_verb", verb), data).status_code == 302

    def _url(self, name: str, *arguments) -> str:
        return reverse(name, args=[self.session.public_id, *arguments])


@pytest.fixture
def day(db) -> Day:
    return Day()


def test_a_day_with_twelve_people_of_whom_four_are_on_paper(day):
    # 0a: those without a device are added by name, once for the whole day.
    day.open("0a")
    for name in ON_PAPER:
        day.ada.post(day._url("session_paper_person"), {"name": name, "ticket": uuid.uuid4()})
    assert "Here</h2>" not in day.seen("host")
    assert day.seen("host").count("on paper") == len(ON_PAPER)
    day.go_on()
    asked = {row.key: row.pk for row in day.session.activity.questions.all()}
    for name in day.people:
        day.act(name, "save-card", **{f"text-{asked['expectations']}": f"Hope of {name}"})
    for row in day.session.attendances.filter(is_on_paper=True).select_related("membership__user"):
        hope = {f"text-{asked['expectations']}": f"Hope of {row.membership.user.name}"}
        day.key_in(1, person=row.public_id, **hope)
    day.go_on()
    for turn in range(12):
        day.act("Ada", "next-turn", target=turn)
    assert "Now:" in day.seen("screen")
    day.go_on()
    fields = CardField.objects.filter(attendance__session=day.session)
    assert fields.count() == 12
    for place, field in enumerate(fields):
        day.act(
            "Ada", "sort-cards", **{f"verdict-{field.pk}": ("Met", "Partly")[place % 2], f"reason-{field.pk}": "So."}
        )
    assert "Hope of Koffi" in day.end()

    # 1: a vote, from phones and from four ballots; then notes from both.
    day.open("1")
    assert day.session.attendances.filter(is_on_paper=True).count() == len(ON_PAPER)
    day.go_on()
    day.go_on()
    choices = {choice.text: choice.pk for choice in day.session.phases.get(position=3).choices.all()}
    for name in day.people:
        for text in ("Education", "Governance", "Gender relations"):
            day.act(name, "place", choice=choices[text], colour="a")
        day.act(name, "place", choice=choices["Social services"], colour="b")
    day.key_in(4, **{"a-3": "4", "b-1": "4", "b-4": "1"})
    day._verb("reveal")
    assert "9 of these dots come from paper." in day.seen("screen")
    day.go_on()
    day.act("Aya", "add-note", text="Schools are full", kind="Impact")
    day.key_in(2, **{"notes-1": "Rents go up\nShops open", "notes-2": "School places"})
    assert "Rents go up" in day.end()

    # 2: four groups work on a case that the vote has put in order; one group on paper.
    day.open("2", groups=3)
    sizes = [group.seats.count() for group in day.session.groups.all()]
    assert sizes == [4, 4, 4]
    assert "Education" in day.seen("participant")
    questions = list(day.session.activity.questions.all())
    for number in (1, 2):
        seat = day.session.groups.get(number=number).seats.filter(attendance__is_on_paper=False).first()
        client = day.people[seat.attendance.membership.user.name]
        for question in questions:
            url = day._url("session_write", 1, number, question.key)
            assert client.post(url, {"text": f"Group {number} says", "version": 0}).status_code == 302
    day.key_in(4, group="3", **{f"text-{question.pk}": "Group 3 by hand" for question in questions})
    day.go_on()
    for turn, before in ((1, ""), (2, 1), (3, 2)):
        day.act("Ada", "turn", to=turn, **{"from": before})
    assert "Group 3 by hand" in day.seen("screen")
    day.go_on()
    found = day.end()
    assert "Group 1 says" in found
    assert "written on paper" in found

    # 3: factors and interventions.
    day.open("3")
    day.act("Aya", "add-factor", text="Wages of one's own", kind="Empowerment")
    day.act("Bilal", "add-factor", text="wages of one's own", kind="Empowerment")
    day.key_in(4, **{"factors-1": "Networks", "factors-2": "No papers\nDebts"})
    assert "Debts" in day.seen("screen")
    day.go_on()
    factor = day.session.phases.get(position=1).factors.get(text="Debts")
    fields = {"text": "Fair loans", "level": "national", "place": "origin", "text-responsible": "Banks"}
    day.act("Chedi", "add-point", factor=factor.public_id, **fields)
    day.key_in(4, **{"text-1": "Legal advice", "level-1": "community", "place-1": "both", "responsible-1": "The town"})
    found = day.end()
    assert "From the factor:" in found
    assert "Legal advice" in found

    # 5: notes of groups, and what the balance has left is taken along.
    day.open("5", groups=3)
    seat = day.session.groups.get(number=1).seats.filter(attendance__is_on_paper=False).first()
    day.act(seat.attendance.membership.user.name, "add-note", text="Banks say no", kind="Challenges")
    day.key_in(4, group="2", **{"notes-1": "No land", "notes-2": "Know-how"})
    balance = Session.objects.get(activity__number="3").phases.get(position=1)
    day.act("Ada", "take-along", origin=balance.pk, all="1", kind="Challenges")
    board = day.seen("screen")
    assert "from activity 3" in board
    assert "No land" in board
    day.go_on()
    day.go_on()
    day.act("Ada", "summarize", text="It takes patience.", version=0)
    assert "It takes patience." in day.end()

    # 6: a figure in pieces; group 3 on paper.
    day.open("6", groups=3)
    parts = list(day.session.phases.get(position=1).puzzle_parts.all())
    day.key_in(4, **{f"piece-3-{part.place}": str(part.piece) for part in parts})
    assert f"Group 3: {len(parts)} of {len(parts)}" in day.seen("screen")
    day.go_on()
    for _phase in range(len(day.phases) - 2):
        day.go_on()
    assert parts[0].text in day.end()

    # 9: the interview, held on paper.
    day.open("9")
    form = day.ada.get(day._url("session_paper_step", 1)).text
    names = re.findall(r'name="(outcome-[^"]+)"', form)
    assert len(names) == len(day.phases[0].questions)
    day.key_in(12, **dict.fromkeys(names, "complete"))
    day.end()

    # The report knows all of it, and names nobody.
    page = day.ada.get(reverse("cohort_report", args=[day.cohort.public_id])).text
    for words in ("Activities held live", "Education", "Empowerment", "Challenges"):
        assert words in page
    url = reverse("cohort_report_download", args=[day.cohort.public_id, "report", "csv"])
    file = b"".join(day.ada.get(url).streaming_content).decode()
    rows = list(csv.reader(StringIO(file.lstrip("\ufeff"))))
    held = {
        row[1].split(".")[0]: row[4] for row in rows if row[0] == "Activities held live" and row[3] == "Participants"
    }
    assert held == dict.fromkeys(("0a", "1", "2", "3", "5", "6", "9"), "12")
    told = {(row[0].split(",")[0].split(".")[0], row[1], row[3]): row[4] for row in rows if len(row) > 4}
    assert told["0a", "Met", "How many"] == "6"
    assert told["1", "Education", "A: most affected by migration"] == "12"
    assert told["1", "Social services", "B: affects migration most"] == "9"
    assert told["3", "Disempowerment", "Factors"] == "2"
    assert told["3", "Community", "In the territory of destination"] == "1"
    assert told["5", "Opportunities", "How many"] == "1"
    assert not any(name in file for name in (*WITH_A_DEVICE, *ON_PAPER))
