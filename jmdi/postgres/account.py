"""The operating system's user that PostgreSQL runs as; it refuses to run as root."""

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jmdi.postgres.errors import PostgresError

# Who runs the server when root starts it in a folder of root's, the first that exists.
_FOR_ROOT = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int
    name: str

    @property
    def is_me(self) -> bool:
        """Whether this process runs as that user."""
        return self.uid == os.geteuid()

    def own(self, target: Path | int) -> None:
        """Give a file or folder that we have just made (by path or descriptor) to this user."""
        if not self.is_me:
            os.chown(target, self.uid, self.gid)

    def as_this_user(self) -> dict[str, Any]:
        """Return the arguments with which `subprocess` runs a command as this user, in a clean environment."""
        # None of the caller's PG* variables: they would lead our commands elsewhere.
        clean = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        switch = {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"cwd": "/", "env": clean, **switch}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches what lies in *folder*, asked of the kernel."""
        if self.is_me:
            return os.access(folder, os.X_OK)
        return subprocess.run(["test", "-x", folder], check=False, **self.as_this_user()).returncode == 0  # noqa: S607


def account_for(data_dir: Path) -> Account:
    """Return who runs the server of *data_dir*.

    The owner of the database that is there. For a new one: whoever starts it; when that is root, the owner of
    *data_dir* if it is not root's (and has a name here), else `postgres` or `nobody`.
    """
    owner = _owner(data_dir / "postgres") or os.geteuid()
    if owner:
        try:
            return _account(pwd.getpwuid(owner))
        except KeyError:
            raise PostgresError(
                f"The user with the number {owner} has no name on this machine, and PostgreSQL needs one.\n"
                "Start as a user that `whoami` can name, or set DATABASE_URL to a server of your own."
            ) from None
    with suppress(KeyError):
        if owner := _owner(data_dir):
            return _account(pwd.getpwuid(owner))
    for name in _FOR_ROOT:
        with suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody` to run it instead.\n"
        "Make a user (useradd --system postgres), or start as an ordinary user."
    )


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
