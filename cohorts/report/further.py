"""The seam at which an app above adds tables to a cohort's report, so that nothing on this floor knows it."""

from collections.abc import Callable

from cohorts.permissions import Desk
from cohorts.report.tables import Table

_registered: list[Callable[[Desk], list[Table]]] = []


def register(tables: Callable[[Desk], list[Table]]) -> None:
    """Let every report end with *tables*. Called once, by `AppConfig.ready`."""
    _registered.append(tables)


def further(desk: Desk) -> list[Table]:
    """Return the tables of all apps that have registered some."""
    return [table for tables in _registered for table in tables(desk)]
