"""Taking along what an earlier activity has left. Done within `act`, with the session's row locked."""

from django.utils.translation import gettext as _

from activities import tools
from activities.offers import offers_for
from activities.tools.base import Action, Move, RefusedError
from activities.tools.words import many


def take_along(move: Move) -> None:
    """Let the present phase go on with what the form has ticked of one earlier phase, or with all of it."""
    wanted = move.data.get("origin", "")
    offer = next((row for row in offers_for(move.state) if str(row.run.pk) == wanted), None)
    if offer is None:
        raise RefusedError(_("What this activity has left is not there any more."))
    keys = set(many(move.data, "key"))
    ticked = [row for row in offer.carried if "all" in move.data or row.key in keys]
    if not ticked:
        raise RefusedError(_("Tick first what to take along."))
    tools.tool_of(move.state.step).take_in(move, ticked, offer.run)


# What those who facilitate may do in any phase whose tool can go on with something.
ACTIONS: dict[str, Action] = {"take-along": take_along}
