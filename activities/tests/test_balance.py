"""A balance of factors, and the table of interventions that come from them."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities import services, tools
from activities.models import Factor, FactorVoice, Intervention, PaperEntry
from activities.published import activities_of
from activities.tests.holding import do, go_on, hold, mine, seen, somebody
from conftest import signed_in
from courses.published import read

SIDES = "Power\nNo power"


@pytest.fixture
def session(small, cohort, ada):
    phases = [
        {"title": "Factors", "tool": "balance", "options": SIDES, "work": "plenary"},
        {"title": "Interventions", "tool": "intervention-table", "work": "plenary"},
    ]
    return hold(small, cohort, ada, phases, {"factors": "Which factors?"})


@pytest.fixture
def as_ada(ada):
    return signed_in(ada)


@pytest.fixture
def ben(session):
    return somebody(session, "Ben")


def add(client, session, text, side="Power"):
    return do(client, session, "add-factor", text=text, kind=side, phase="1")


def act(client, session, action, row, **data):
    return do(client, session, action, target=row.public_id, **data)


def point(client, session, text="A shelter", **data):
    fields = {"text": text, "level": "community", "place": "origin", "text-responsible": "The town", "phase": "2"}
    return do(client, session, "add-point", **{**fields, **data})


def test_the_beam_leans_to_the_heavier_side_and_says_so(session, ben):
    add(ben, session, "Schooling")
    page = seen(ben, session, "participant")

    assert "The balance leans to the side of: Power" in page
    assert "Schooling" in page
    add(ben, session, "Debts", "No power")
    assert "The balance is even." in seen(ben, session, "screen") or "The balance is even." in seen(
        ben, session, "participant"
    )


def test_whoever_writes_what_lies_there_stands_behind_it(session, ben):
    chipo = somebody(session, "Chipo")
    add(ben, session, "Schooling")
    add(chipo, session, "schooling")
    add(chipo, session, "SCHOOLING")
    add(ben, session, "Schooling")

    assert Factor.objects.count() == 1
    assert FactorVoice.objects.count() == 1
    assert "2 stand behind it" in seen(ben, session, "participant")


def test_me_too_counts_once_and_can_be_left(session, ben):
    chipo = somebody(session, "Chipo")
    add(ben, session, "Schooling")
    factor = Factor.objects.get()
    for _time in range(2):
        act(chipo, session, "support-factor", factor)
    assert factor.voices.count() == 1
    assert "No longer" in mine(chipo, session)
    act(chipo, session, "leave-factor", factor)
    assert not factor.voices.exists()
    # One's own counts already.
    act(ben, session, "support-factor", factor)
    assert not factor.voices.exists()


def test_a_factor_is_moved_mended_and_taken_back_by_its_author_alone(session, ben):
    chipo = somebody(session, "Chipo")
    add(ben, session, "Schooling")
    factor = Factor.objects.get()

    assert act(chipo, session, "change-factor", factor, text="Mine", kind="Power").status_code == 422
    act(chipo, session, "take-back-factor", factor)
    act(ben, session, "change-factor", factor, text="No schooling", kind="No power")

    factor.refresh_from_db()
    assert (factor.text, factor.side) == ("No schooling", "No power")
    for _time in range(2):
        act(ben, session, "take-back-factor", factor)
    assert not Factor.objects.exists()


@pytest.mark.parametrize(
    ("text", "side"), [("", "Power"), ("  ", "Power"), ("x" * 201, "Power"), ("Fine", "Left"), ("Fine", "")]
)
def test_what_is_no_factor_is_refused_and_given_back(session, ben, text, side):
    reply = add(ben, session, text, side)

    assert reply.status_code == 422
    assert text in reply.text
    assert not Factor.objects.exists()


def test_an_effect_is_set_aside_and_weighs_nothing(session, ben, as_ada):
    add(ben, session, "Earns more")
    factor = Factor.objects.get()

    act(as_ada, session, "is-effect", factor)

    page = seen(ben, session, "participant")
    assert "The balance is even." in page
    assert "Effects: what brings them about?" in page
    assert "Set aside as an effect" in mine(ben, session)
    act(as_ada, session, "is-factor", factor)
    assert "leans to the side of: Power" in seen(ben, session, "participant")


def test_facilitators_hide_restore_and_discuss_one_at_a_time(session, ben, as_ada):
    for text in ("Schooling", "A vote"):
        add(ben, session, text)
    first, second = Factor.objects.order_by("pk")
    act(as_ada, session, "discuss-factor", first)
    act(as_ada, session, "discuss-factor", second)
    assert list(Factor.objects.filter(is_discussed=True)) == [second]
    assert "note-words" in seen(as_ada, session, "screen")

    act(as_ada, session, "hide-factor", second)
    assert "A vote" not in seen(ben, session, "participant")
    assert "A vote" in seen(as_ada, session, "host")
    assert not Factor.objects.filter(is_discussed=True).exists()
    act(as_ada, session, "restore-factor", second)
    assert "A vote" in seen(ben, session, "participant")
    assert act(ben, session, "hide-factor", second).status_code == 404


def test_without_names_nothing_tells_who_wrote_a_factor_or_a_point(session, ben, as_ada):
    session.phases.update(has_names=False)
    add(ben, session, "Schooling")
    pages = [seen(as_ada, session, face).split("Who is here")[0] for face in ("participant", "screen", "host")]
    go_on(session)
    point(ben, session)
    pages += [seen(as_ada, session, face).split("Who is here")[0] for face in ("participant", "screen", "host")]
    services.end_session(session=session)
    pages.append(as_ada.get(reverse("session_results", args=[session.public_id])).text)
    file = as_ada.get(reverse("session_download", args=[session.public_id]))
    pages.append(b"".join(file.streaming_content).decode())

    assert all("Ben" not in page for page in pages)
    assert sum("Schooling" in page for page in pages) == 8


def test_a_point_keeps_the_link_to_its_factor_and_the_others_are_listed(session, ben):
    for text in ("Schooling", "A vote"):
        add(ben, session, text)
    go_on(session)
    factor = Factor.objects.get(text="Schooling")

    point(ben, session, factor=factor.public_id)

    page = seen(ben, session, "participant")
    assert "From the factor:" in page
    left_open = page.split("nobody has taken up yet")[1]
    assert "A vote" in left_open
    assert "Schooling" not in left_open
    row = Intervention.objects.get()
    assert (row.level, row.place, row.responsible, row.factor) == ("community", "origin", "The town", factor)


def test_a_point_in_both_territories_stands_in_both_columns(session, ben):
    go_on(session)
    point(ben, session, place="both")

    table = seen(ben, session, "participant")
    assert table.count("A shelter") == 2


@pytest.mark.parametrize(
    "data", [{"text": ""}, {"text": "x" * 201}, {"level": ""}, {"level": "village"}, {"place": "moon"},
             {"text-responsible": "x" * 121}]
)  # fmt: skip
def test_what_is_no_point_is_refused_and_given_back(session, ben, data):
    go_on(session)

    reply = point(ben, session, **data)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert not Intervention.objects.exists()


def test_a_facilitator_sorts_any_point_and_a_participant_their_own(session, ben, as_ada):
    chipo = somebody(session, "Chipo")
    go_on(session)
    point(ben, session)
    row = Intervention.objects.get()
    fields = {"text": "A shelter", "level": "national", "place": "destination"}

    assert act(chipo, session, "change-point", row, **fields).status_code == 422
    act(as_ada, session, "change-point", row, **fields)

    row.refresh_from_db()
    assert (row.level, row.place) == ("national", "destination")


def test_those_who_facilitate_hide_what_others_wrote_and_take_away_only_their_own(session, ben, as_ada):
    add(ben, session, "Schooling")
    add(as_ada, session, "Said aloud")
    for factor in Factor.objects.all():
        act(as_ada, session, "take-back-factor", factor)

    assert list(Factor.objects.values_list("text", flat=True)) == ["Schooling"]
    go_on(session)
    point(ben, session)
    act(as_ada, session, "take-back-point", Intervention.objects.get())
    assert Intervention.objects.exists()


def test_factors_are_taken_along_into_the_table_of_another_session(small, cohort, session, ben, as_ada, ada):
    add(ben, session, "Schooling")
    services.end_session(session=session)
    plan = activities_of(read(small.course)).activity("held")
    again = services.prepare_session(activity=plan, cohort=cohort, facilitator=ada)
    services.begin(session=again)
    services.resume(session=again)
    go_on(again)
    origin = session.phases.first()
    for _time in range(2):
        do(as_ada, again, "take-along", origin=origin.pk, all="1", phase="2")

    row = Intervention.objects.get()
    assert (row.text, row.factor.text, row.level) == ("Schooling", "Schooling", "")
    page = seen(as_ada, again, "participant")
    assert "Not sorted yet" in page
    assert "from activity 5" in page


def key_in(client, session, position, **data):
    url = reverse("session_paper_step", args=[session.public_id, position])
    return client.post(url, {"ticket": uuid.uuid4(), "people": 3, **data})


def test_factors_and_points_from_paper_are_marked_and_undone(session, ben, as_ada):
    add(ben, session, "Schooling")
    key_in(as_ada, session, 1, **{"factors-1": "schooling\nA vote", "factors-2": "Debts"})
    key_in(as_ada, session, 2, **{"text-1": "A shelter", "level-1": "national", "place-1": "both", "text-3": "A law"})

    assert set(Factor.objects.values_list("text", flat=True)) == {"Schooling", "A vote", "Debts"}
    # Who wrote on paper what lies there already stands behind it, as on a phone.
    assert "2 stand behind it" in seen(ben, session, "participant")
    assert seen(ben, session, "participant").count("in the room") == 2
    assert sorted(Intervention.objects.values_list("text", "level")) == [("A law", ""), ("A shelter", "national")]
    for entry in PaperEntry.objects.all():
        as_ada.post(reverse("session_paper_take_back", args=[session.public_id, entry.run.position, entry.public_id]))
    assert list(Factor.objects.values_list("text", flat=True)) == ["Schooling"]
    assert not FactorVoice.objects.exists()
    assert not Intervention.objects.exists()


@pytest.mark.parametrize(("position", "data"), [
    (1, {}), (1, {"factors-1": "x" * 201}), (2, {}), (2, {"text-1": "x" * 201}),
    (2, {"text-1": "A", "responsible-1": "x" * 121}),
])  # fmt: skip
def test_paper_that_says_nothing_or_too_much_is_refused(session, as_ada, position, data):
    assert key_in(as_ada, session, position, **data).status_code == 422
    assert not PaperEntry.objects.exists()


def test_what_is_printed_and_what_is_left(session, ben, as_ada):
    add(ben, session, "Schooling")
    kit = as_ada.get(reverse("session_kit", args=[session.public_id])).text
    assert "Schooling" in kit
    assert "kit-interventions" in kit
    go_on(session)
    point(ben, session)
    services.end_session(session=session)
    page = ben.get(reverse("session_results", args=[session.public_id])).text
    assert "Schooling" in page
    assert "A shelter" in page


def test_editors_hear_what_is_wrong_with_the_settings():
    balance, table = tools.tool_named("balance"), tools.tool_named("intervention-table")

    assert list(balance.faults(["A", "B"], 1)) == []
    assert list(balance.faults(["A"], 1))
    assert list(balance.faults(["A", "a"], 1))
    assert list(table.faults([], 1)) == []
    assert list(table.faults(["A"], 1))


@pytest.mark.parametrize("position", [1, 2])
def test_a_state_costs_as_many_queries_for_three_people_as_for_one(session, ben, as_ada, position):
    add(ben, session, "Schooling")
    if position == 2:
        go_on(session)
        point(ben, session)
    before = _queries(session, as_ada, ben)
    for name in ("Chipo", "Dina"):
        somebody(session, name)
    for number in range(2):
        row = session.phases.get(position=1).factors.create(
            attendance=session.attendances.last(), side="Power", text=f"Factor {number}"
        )
        session.phases.get(position=2).interventions.create(
            attendance=session.attendances.last(), text=f"Point {number}", factor=row, level="national", place="both"
        )

    assert _queries(session, as_ada, ben) == before
    assert max(before) <= 10


def _queries(session, *clients):
    counts = []
    for client, url in zip(
        clients,
        (reverse("session_shared", args=[session.public_id, "host"]), session.get_absolute_url()),
        strict=True,
    ):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        counts.append(len(captured))
    return counts
