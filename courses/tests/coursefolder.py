"""A course with one of everything as files, in the one way in which we write; for tests of import and export."""

from pathlib import Path

COURSE = """\
---
title: Migration and local development
short_title: Core
language: en
summary: For people who work in local authorities.
source: After a manual.
objectives:
  - key: explain
    text: 'Explain: what, and why.'
related_modules:
  - key: module-1
    title: 'Module 1: planning'
---

Welcome to [[diaspora|diasporas]].

:::figure cycle

:::see-also module-1 topics/challenges
More on this.
:::
"""
CREDITS = "## Source\n\nWritten by many[^1].\n\n[^1]: Of them.\n"
GLOSSARY = """\
- key: diaspora
  term: Diaspora
  definition: People with a *link* to a place.
  topics: [challenges, gender]

- key: remittances
  term: Remittances
  definition: |-
    Money sent home by people from a [[diaspora]].

    - by post
    - by phone
"""
REFERENCES = """\
- key: tesson
  authors: Tesson, S.
  year: 2014
  title: >-
    A long title, which goes on and on, so that it is folded: one line of it can change without the others
    changing, as people like it in git
  publisher: Paris
  url: https://example.org/tesson
  note: 'Yes'
  topics: [challenges]
"""
FIGURE = "---\ntitle: The cycle\ncaption: Four phases.\n---\n\n- leave\n- return\n"
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 40">
  <title>A loop</title>
  <desc>Four steps</desc>
  <defs><marker id="head"><path class="f-head" d="M0 0L9 5z"/></marker></defs>
  <line class="f-line" x1="0" x2="9" marker-end="url(#head)"/>
</svg>
"""
TOPIC_1 = """\
---
title: Challenges and opportunities
short_title: Challenges
source: Pages 5–28
objectives:
  - key: analyse
    text: Analyse the link.
key_points:
  - key: cycle
    text: The cycle has four phases.
  - key: link
    text: The link goes both ways.
---

What this is about.
"""
TOPIC_2 = "---\ntitle: Gender\nshort_title: Gender\n---\n"
LOCAL = """\
---
title: The local level
---

Every [[diaspora]] begins **locally**.

:::reflection context

:::case-study frankfurt

:::figure cycle

:::see-also module-1/topic-2 topics/gender/care
Care nearby.
:::
"""
NEXUS = "---\ntitle: 'The nexus: what is this?'\n---\n\n| A | B |\n|---|---|\n| [[diaspora\\|one]] | 2 |\n"
CARE = "---\ntitle: Care\n---\n\nWho cares?\n"
PROMPT = """\
---
title: Your context
questions:
  - key: where
    text: Where do you work?
    hint: A town, a region.
  - key: what
    text: What changes there?
---

Think of it.
"""
CASE = "---\ntitle: Frankfurt\nkind: case\nplace: Germany\n---\n\nA city acts.\n"

FILES = {
    "course.md": COURSE,
    "credits.md": CREDITS,
    "glossary.yaml": GLOSSARY,
    "references.yaml": REFERENCES,
    "figures/cycle.md": FIGURE,
    "figures/cycle.svg": DRAWING,
    "topics/01-challenges/topic.md": TOPIC_1,
    "topics/01-challenges/sections/01-local.md": LOCAL,
    "topics/01-challenges/sections/02-nexus.md": NEXUS,
    "topics/01-challenges/prompts/context.md": PROMPT,
    "topics/01-challenges/case-studies/frankfurt.md": CASE,
    "topics/02-gender/topic.md": TOPIC_2,
    "topics/02-gender/sections/01-care.md": CARE,
}


class CourseFolder:
    """A course's folder on disk, and the few things that a test does to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert text.count(old) == 1, (path, old)
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def rename(self, path: str, new: str) -> None:
        (self.root / path).rename(self.root / new)

    def contents(self) -> dict[str, str]:
        """Return all files by their path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
