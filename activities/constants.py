"""Names that content, forms and the importer share."""

# The last part of a path where an activity's key could stand; an activity of that name could never be opened.
RESERVED_KEYS = frozenset({"group-work", "guide", "handouts"})
