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
# How many answers stand on one page.
ANSWERS_PER_PAGE = 24
# A text of more characters than this is set smaller on the screen for the room.
SCREEN_LONG = 500
# Figures about fewer people than this are not shown: they could be told apart.
SMALL_NUMBER = 5

# How long somebody may have a section open, and no more, before the cohort's page says that they are stuck.
STALLED_DAYS = 4
# Who has done something in so many days is called active.
ACTIVE_DAYS = 7

REPLY_MAX_LENGTH = 5_000
REMINDER_MAX_LENGTH = 2_000
# People that are named one by one in one form.
MEMBERS_MAX = 10_000

# Open codes of one cohort at once: so few that a facilitator knows them all.
CODES_OPEN_MAX = 3
CODE_DAYS_MAX = 90
CODE_USES = 40

# Invitations in one go, and how large a file of them may be.
INVITATIONS_AT_ONCE = 1_000
LIST_BYTES_MAX = 512 * 1024
# And in one day by one facilitator: whoever gets hold of an account mails no town with it.
INVITATIONS_A_DAY = 2_000
# Nobody is written to more often than this, and not again at once.
INVITATION_SENDS_MAX = 5
RESEND_MINUTES = 10

# Wrong codes. A room shares one address, and people mistype; what is right is never counted.
WRONG_CODES = {"wrong_code": "60/m/ip", "wrong_code_by_one": "15/300s/key", "wrong_code_for_long": "500/h/ip"}
# The list of who needs a hand is short: so many people of a kind, so many questions.
HAND_MAX = 5
HAND_QUESTIONS_MAX = 3

# People on one page of the progress table. While people work, open pages fetch their table again and again.
PAGE_SIZES = [50, 100, 200, 500]
PAGE_SIZE = 100
