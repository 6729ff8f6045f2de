"""A course with one activity of everything as files, in the one way in which we write."""

from pathlib import Path

from courses.tests.coursefolder import FILES, CourseFolder

ACTIVITY = """\
---
number: 0a
title: Introductions
technique: Rounds of meeting
summary: People meet and say where they work.
stage: topic
topic: challenges
section: local
place: After the first section.
size: 12 to 30 people
objectives:
  - key: meet
    text: Know who is here.
questions:
  - key: where
    text: Where do you work?
    hint: A town, a region.
    heading: First round
    objective: analyse
  - key: why
    text: Why are you here?
    heading: First round
  - key: next
    text: What will you do next?
handouts: [idriss]
before: |
  - Set out [[diaspora|chairs]].
  - Print the cards.
tips: |
  Let people stand.
---

Everybody meets everybody. A [[diaspora]] does, too.

:::figure cycle

:::see-also topics/gender/care
More on care.
:::
"""
CARDS = """\
---
title: Fill in a card
minutes: 5
work: alone
tool: cards
questions: [where, why]
instructions: |
  Write **one** word.

  Then stand up.
---

1. Hand out the cards.
"""
ROUNDS = """\
---
title: Meet
minutes: 2
most: 3
per: round
work: pairs
instructions: |
  Find somebody.
---

1. Ring a bell.

:::figure cycle
"""
CLOSING = """\
---
number: '9'
title: Farewell
technique: Talk
summary: People say goodbye.
stage: closing
place: At the end.
size: Any number of people
---
"""
HANDOUT = """\
---
number: '2'
title: The story of Idriss
source: After a case.
---

Idriss left. Remember the [[diaspora]].

:::figure cycle
"""

ADDED = {
    "activities/01-introductions/activity.md": ACTIVITY,
    "activities/01-introductions/phases/01-cards.md": CARDS,
    "activities/01-introductions/phases/02-rounds.md": ROUNDS,
    "activities/09-farewell/activity.md": CLOSING,
    "handouts/02-idriss.md": HANDOUT,
}


class ActivityFolder(CourseFolder):
    """The folder of the course of other tests, with activities in it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        for path, text in ADDED.items():
            self.write(path, text)


EVERYTHING = FILES | ADDED
