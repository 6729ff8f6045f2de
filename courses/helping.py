"""The seam at which an app above says who helps whom, so that nothing on this floor knows why.

Whoever helps somebody sends in rescue files for them, and never sees what these hold. An app registers its `Help` when
Django starts; `courses.permissions` asks all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Help:
    """*helps_anybody*: whether there is somebody whom a person helps; *helps*: whether that is this *author*."""

    helps_anybody: Callable[[User], bool]
    helps: Callable[[User, User], bool]


_registered: list[Help] = []


def register(help_: Help) -> None:
    """Let those help whom *help_* names. Called once, by `AppConfig.ready`."""
    _registered.append(help_)


def helps_anybody(user: User) -> bool:
    """Whether *user* helps somebody."""
    return any(each.helps_anybody(user) for each in _registered)


def helps(user: User, author: User) -> bool:
    """Whether *user* helps *author*."""
    return any(each.helps(user, author) for each in _registered)
