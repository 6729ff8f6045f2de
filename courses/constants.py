"""Names and limits that content, forms and the importer share."""

import re

# The last part of a path where a topic's key could stand; a topic of that name could never be opened.
RESERVED_TOPIC_KEYS = frozenset({"search", "glossary", "references", "start", "finish", "credits"})

# The same where a section's key could stand.
RESERVED_SECTION_KEYS = frozenset({"print"})

# A key is part of addresses and of people's bookmarks.
KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY_MAX_LENGTH = 60

# What no text of a course holds: PostgreSQL and YAML cannot keep all of it, and nobody means it.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# A text of somebody's own may be a long essay; beyond this it is a pasted file.
TEXT_MAX_LENGTH = 20_000

# Promises to oneself: a list that is longer than this is no longer looked at.
NEXT_STEPS_OPEN_MAX = 50
NEXT_STEP_YEARS_AHEAD = 5

# A rescue file holds the texts of one page; emoji take six bytes each and more when they are written as escapes.
RESCUE_FILE_MAX_BYTES = 5_000_000
RESCUE_FILE_MAX_TEXTS = 200

# Reading speed of somebody reading to learn, often in a second language.
WORDS_PER_MINUTE = 150
MINUTES_PER_QUESTION = 3
