"""Names and limits of cohorts."""

# Of a code that is read from a screen and typed: no letter that looks like a digit, none that makes a word.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
CODE_LENGTH = 9
CODE_DAYS = 14
CODE_USES_MAX = 10_000

# Of an invitation's own link, which nobody types.
TOKEN_BYTES = 24

# Others' answers open only when nobody can be told from them.
PEERS_MIN = 5
# Figures about fewer people than this are not shown: they could be told apart.
SMALL_NUMBER = 5

# How long somebody may have a section open, and no more, before the cohort's page says that they are stuck.
STALLED_DAYS = 4

REPLY_MAX_LENGTH = 5_000
REMINDER_MAX_LENGTH = 2_000
