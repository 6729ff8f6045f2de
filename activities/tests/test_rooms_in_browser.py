"""Activities 0a, 1 and 5 with the course's own content, from start to results, in browsers: see `room`."""

import pytest
from playwright.sync_api import expect

from activities.models import CardField, Cluster, Dot
from activities.tests.room import PATIENCE_MS, Room, press, tab_to

pytestmark = pytest.mark.browser


def test_activity_0a_from_start_to_results(visit):
    room = Room(visit, "0a")
    room.open()
    room.begin()
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()
    room.go_on()

    # Aya fills in her card by keys; what the profile says stands there already.
    boxes = [box.get_attribute("id") for box in aya.locator("#my-card textarea[name^=text]").all()]
    assert len(boxes) == 4
    tab_to(aya, f"#{boxes[0]}")
    assert aya.input_value(f"#{boxes[0]}") == "Aya"
    tab_to(aya, f"#{boxes[1]}")
    aya.keyboard.type("To hear how others work")
    press(aya, "#my-card button.btn-mine")
    screen.wait_for_selector(".intro-card:has-text('To hear how others work')")

    # Bilal has no scripts, so no drawing either.
    assert not bilal.locator("[data-pad] >> visible=true").count()
    bilal.fill(f"#{boxes[1]}", "To meet people")
    bilal.fill(f"#{boxes[3]}", "I keep bees")
    bilal.click("text=Save my card")
    screen.wait_for_selector(".intro-card:has-text('I keep bees')")

    # Dior draws a bridge, in two strokes, while Chedi writes without a connection.
    chedi.fill(f"#{boxes[1]}", "Written in a tunnel")
    room.cut()
    chedi.click("text=Save my card")
    wish = dior.locator(f"[data-drawing]:has(#{boxes[1]})")
    wish.locator("textarea[name^=text]").fill("A bridge")
    wish.locator("summary").click()
    pad = wish.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for height in (0.25, 0.5):
        dior.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * height)
        dior.mouse.down()
        dior.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * height, steps=5)
        dior.mouse.up()
    dior.click("text=Save my card")
    screen.wait_for_selector(".intro-card polyline >> nth=1", state="attached")
    assert [[len(stroke), stroke[1]] for stroke in CardField.objects.get(text="A bridge").drawing] == [
        [12, 75],
        [12, 150],
    ]
    room.mend()
    assert chedi.input_value(f"#{boxes[1]}") == "Written in a tunnel"
    chedi.wait_for_selector("summary:has-text('3 cards')")
    chedi.click("text=Save my card")
    screen.wait_for_selector(".intro-card:has-text('Written in a tunnel')")
    elhadj.fill(f"#{boxes[1]}", "Money for our bridge")
    elhadj.click("text=Save my card")
    screen.wait_for_selector(".intro-card:has-text('Money for our bridge')")

    # They present in turn, in two minutes each; Fatou fills in her card only now.
    room.go_on()
    fatou.wait_for_selector("[data-mine-phase='3'] #my-card")
    # Whether it is still open from the phase before depends on how soon the clock was started.
    if not fatou.locator("#my-card[open]").count():
        fatou.click("summary:has-text('Fill in my card')")
    fatou.fill(f"#{boxes[1]}", "A whole wish")
    fatou.click("text=Save my card")
    console.wait_for_selector("summary:has-text('6 cards')")
    assert console.locator("#step-title ~ .clock").get_attribute("data-total") == str(6 * 2 * 60)
    console.click("text=Begin with the first person")
    expectations = {
        "Aya": "To hear how others work", "Bilal": "To meet people", "Chedi": "Written in a tunnel",
        "Dior": "A bridge", "Elhadj": "Money for our bridge", "Fatou": "A whole wish",
    }  # fmt: skip
    for name, words in expectations.items():
        screen.wait_for_selector(f"text=Now: {name}")
        assert words in screen.inner_text(".intro-card-big")
        assert screen.locator(".turn .clock").get_attribute("data-total") == "120"
        console.wait_for_selector(f"text=Now: {name}")
        console.click("button:has-text('Next person')")
    screen.wait_for_selector("text=Everybody has presented.")

    # The facilitator sorts what the course can meet, with a reason.
    room.go_on()
    for words, verdict, reason in (
        ("A bridge", "Met", "All topics."),
        ("Money for our bridge", "Not here", "Ask the bank."),
        ("To meet people", "Partly", "In breaks."),
    ):
        row = console.locator(f".sort-row:has(legend bdi:text-is('{words}'))")
        row.locator("select").select_option(verdict)
        row.locator("input").fill(reason)
    console.click("text=Save and show to everybody")
    screen.wait_for_selector("section:has(h3:has-text('Not here')) .note:has-text('Ask the bank.')")
    room.go_on()
    screen.wait_for_selector("h3:has-text('After this course')")
    objective = room.session.activity.course.objectives.first().text
    assert objective in screen.inner_text("main")
    assert "In breaks." in bilal.inner_text("main")

    room.end()
    words, file = room.results()
    for text in (*expectations.values(), "I keep bees", "All topics.", "Ask the bank.", "In breaks.", "Not here"):
        assert text in words
        assert text in file
    assert objective in words
    assert aya.locator(".intro-card polyline").count() == 2


def test_activity_1_from_start_to_results(visit):
    room = Room(visit, "1")
    room.open()
    room.begin()
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()
    room.go_on()
    room.go_on()

    def dot(page, colour, sector):
        return page.locator(f".dot-rows li:has-text('{sector}') button[value={colour}]")

    def place(page, colour, sector):
        dot(page, colour, sector).click()
        expect(dot(page, colour, sector)).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)

    # Whoever facilitates does not vote, but adds a sector.
    assert not console.locator(".dot-rows").count()
    console.fill("#add-choice", "Health")
    console.click("#live-mine button:has-text('Add')")
    screen.wait_for_selector(".dot-choices li:has-text('Health')")
    assert screen.locator(".dot-choices li").count() == 7

    # Aya votes by keys: three dots of each colour, and no fourth.
    for colour, sectors in (
        ("a", ("Governance", "Education", "Social services")),
        ("b", ("Education", "Economy", "Gender")),
    ):
        for sector in sectors:
            press(aya, f"#{dot(aya, colour, sector).get_attribute('id')}")
            expect(dot(aya, colour, sector)).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    aya.wait_for_selector("text=Dots left: 0 of colour A, 0 of colour B")
    expect(dot(aya, "a", "Economy")).to_be_disabled()
    press(aya, f"#{dot(aya, 'a', 'Social services').get_attribute('id')}")
    aya.wait_for_selector("text=Dots left: 1 of colour A")
    place(bilal, "a", "Education")
    place(bilal, "b", "Education")

    # What Chedi presses without a connection is not placed, and the page says the truth afterwards.
    room.cut()
    dot(chedi, "a", "Education").click()
    place(elhadj, "a", "Education")
    room.mend()
    expect(dot(chedi, "a", "Education")).to_have_attribute("aria-pressed", "false")
    place(chedi, "a", "Education")
    # Reload to make the page come with a colour for the added sector.
    fatou.reload()
    place(fatou, "a", "Health")
    press(aya, f"#{dot(aya, 'a', 'Economy').get_attribute('id')}")
    console.wait_for_selector("text=1 of 6 people have placed all dots")
    console.wait_for_selector(".console-people li:has-text('Aya') >> text=done")
    assert Dot.objects.count() == 6 + 2 + 1 + 1 + 1

    # Hidden until it is shown, then the same for all.
    for page in (console, screen, dior, bilal):
        assert not page.locator(".dot-bars").count()
    console.click("text=Show the result to everybody")
    row = screen.locator(".dot-bars tr:has-text('Education')")
    expect(row.locator(".badge")).to_have_text("contested", timeout=PATIENCE_MS)
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()] == ["4", "2"]
    dior.wait_for_selector(".dot-bars tr:has-text('Health')")

    # Then what they see behind it, on notes of two colours.
    room.go_on()
    tab_to(aya, "#note-text")
    aya.keyboard.type("Education: classes are full")
    press(aya, "button.note-button[value='Impact']")
    bilal.fill("#note-text", "Education: teach in two languages")
    bilal.click("button.note-button:has-text('Policies')")
    screen.wait_for_selector(".note:has-text('classes are full')")
    screen.wait_for_selector(".note:has-text('two languages')")
    room.end()
    words, file = room.results()
    for text in ("Education: classes are full", "Education: teach in two languages", "Health"):
        assert text in words
        assert text in file
    assert "contested" in words
    assert "Education,4,2,yes" in file


def test_activity_5_from_start_to_results(visit):
    room = Room(visit, "5")
    room.open()
    numbers = room.make_two_groups()
    room.begin()
    console, screen = room.console, room.screen
    aya, bilal, chedi, dior, elhadj, fatou = room.pages.values()

    # What Dior is typing stays, though others put their notes on the board meanwhile.
    dior.wait_for_selector(f"h2:has-text('Notes of group {numbers['Dior']}')")
    dior.fill("#note-text", "Half a thought")
    tab_to(aya, "#note-text")
    aya.keyboard.type("Nobody trusts the bank")
    press(aya, "button.note-button[value='Challenges']")
    screen.wait_for_selector(".note:has-text('Nobody trusts the bank')")
    bilal.fill("#note-text", "The bank asks for papers")
    bilal.click("button.note-button:has-text('Challenges')")
    assert bilal.input_value("#note-text") == ""
    dior.wait_for_selector("summary:has-text('2 notes')")
    assert dior.input_value("#note-text") == "Half a thought"
    dior.fill("#note-text", "Know-how from abroad")
    dior.click("button.note-button:has-text('Opportunities')")
    dior.wait_for_selector("#live-mine .note:has-text('Know-how')")

    # The notes are the group's: Aya mends Dior's, by keys.
    press(aya, "a:has-text('Show what my group has added')")
    aya.wait_for_selector("#live-mine .note:has-text('Know-how')")
    press(aya, "#live-mine .note:has-text('Know-how') summary")
    tab_to(aya, "#live-mine .note:has-text('Know-how') textarea")
    aya.keyboard.press("ControlOrMeta+A")
    aya.keyboard.type("Know-how and ideas")
    press(aya, "#live-mine .note:has-text('Know-how') button[value='Opportunities']")
    console.wait_for_selector("label:has-text('Know-how and ideas')")

    # Chedi writes without a connection while the facilitator ticks and types: both keep what they have.
    chedi.fill("#note-text", "Patience")
    room.cut()
    chedi.click("button.note-button:has-text('Opportunities')")
    console.click("summary:has-text('Put similar notes together')")
    console.check("label:has-text('Nobody trusts the bank')")
    console.fill("#cluster", "Ba")
    elhadj.fill("#note-text", "Two homes")
    elhadj.click("button.note-button:has-text('Opportunities')")
    console.wait_for_selector("label:has-text('Two homes')")
    assert console.is_checked("label:has-text('Nobody trusts the bank')")
    console.keyboard.type("nks")
    assert console.input_value("#cluster") == "Banks"
    console.check("label:has-text('The bank asks for papers')")
    console.click("button:has-text('Put together')")
    screen.wait_for_selector("h4:has-text('Banks')")
    expect(console.get_by_label("Nobody trusts the bank")).not_to_be_checked()
    room.mend()
    assert chedi.input_value("#note-text") == "Patience"
    chedi.click("button.note-button:has-text('Opportunities')")
    screen.wait_for_selector(".note:has-text('Patience')")

    # One group after the other reads its notes aloud.
    room.go_on()
    console.click("button:has-text('Read the notes aloud')")
    read = []
    for number in range(1, 6):
        screen.wait_for_selector(f"figcaption:has-text('{number} of 5')")
        read.append((screen.inner_text("figcaption")[:7], screen.inner_text(".note-words")))
        if number < 5:
            console.click("button:has-text('Next note')")
            console.wait_for_selector(f"figcaption:has-text('{number + 1} of 5')")
    mine, others = f"Group {numbers['Aya']}", f"Group {numbers['Chedi']}"
    assert sorted(read) == sorted(
        [
            (mine, "Nobody trusts the bank"), (mine, "The bank asks for papers"), (mine, "Know-how and ideas"),
            (others, "Two homes"), (others, "Patience"),
        ]
    )  # fmt: skip
    assert [group for group, _words in read] == sorted(group for group, _words in read)
    console.click("button:has-text('End reading aloud')")
    screen.wait_for_selector(".note-columns")

    room.go_on()
    console.fill("#summary", "Banks are the hurdle.")
    console.click("button:has-text('Save the summary')")
    screen.wait_for_selector(".notes-summary:has-text('Banks are the hurdle.')")
    fatou.wait_for_selector(".notes-summary:has-text('Banks are the hurdle.')")
    room.end()
    assert Cluster.objects.get().notes.count() == 2
    words, file = room.results()
    for text in (*(words for _group, words in read), "Banks", "Banks are the hurdle.", mine, others):
        assert text in words
        assert text in file
    assert "went on with the notes of “Read the case and write notes”" in words
