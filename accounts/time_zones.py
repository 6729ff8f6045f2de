"""The time zones to choose from, grouped by region."""

import functools
import zoneinfo

from django.utils.translation import gettext_lazy as _

# The first part of a zone's name. The database's other names (US/…, Etc/…, EST) are old spellings of these.
_REGIONS = {
    "Africa": _("Africa"),
    "America": _("Americas"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


@functools.cache
def grouped_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return `(region, [(zone, place), …])` for a select: places in alphabetical order, UTC last."""
    places: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for zone in sorted(zoneinfo.available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region in places:
            places[region].append((zone, place.replace("_", " ").replace("/", " – ")))
    groups = [(_REGIONS[region], zones) for region, zones in places.items()]
    return [*groups, (_("Everywhere"), [("UTC", "UTC")])]
