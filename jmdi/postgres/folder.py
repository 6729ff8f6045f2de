"""The folder of one database, `DATA_DIR/postgres`, called its home here:

    data/           PostgreSQL's own; we never delete anything in it
    socket/         where programs connect; only its owner can enter
    pg_hba.conf     who may connect, and pg_ident.conf: as whom; written at each start
    start.log       what was said at the last start; later words are in data/log/

When root starts a database whose user cannot reach DATA_DIR, home is a link to a folder that this user can reach.
"""

import hashlib
import os
import pwd
import secrets
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from jmdi.postgres.account import Account, account_for
from jmdi.postgres.binaries import MAJOR, place_for_root
from jmdi.postgres.errors import PostgresError

NAME = "jmdi"
SUPERUSER = "postgres"
PORT = 5432

# A page holds a connection while it is made; one more thread than pages can wait is of no use.
POOL = {"min_size": 0, "max_size": 12, "timeout": 10}

# Linux allows 107 bytes for a socket's path, macOS 103.
_SOCKET_PATH_BYTES = 103

# What an operator may change in data/postgresql.conf. What people wrote is kept out of the log: a failed statement
# holds it, and so does the detail of a broken constraint.
_SETTINGS = {
    "max_connections": "100",
    "idle_in_transaction_session_timeout": "60s",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def home_of(data_dir: Path) -> Path:
    """Return the database's home, which need not exist yet."""
    return data_dir / "postgres"


def socket_folder(data_dir: Path) -> Path:
    """Return where programs connect; outside DATA_DIR when its path is too long, or has what libpq splits at."""
    folder = home_of(data_dir) / "socket"
    path = os.fsencode(folder / f".s.PGSQL.{PORT}")
    if len(path) <= _SOCKET_PATH_BYTES and b"," not in path:
        return folder
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()
    return Path("/tmp") / f"jmdi-{digest[:16]}"  # noqa: S108  its owner and mode are checked


def connection_to(data_dir: Path) -> dict[str, Any]:
    """Return how to reach the server of *data_dir*, in libpq's words."""
    reach: dict[str, Any] = {"host": str(socket_folder(data_dir)), "port": PORT}
    with suppress(PostgresError):  # Starting the server says why.
        # Nobody else's server answers in its place.
        reach["requirepeer"] = account_for(data_dir).name
    return reach


def django_database(data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for the server in *data_dir*. Starts and makes nothing."""
    reach = connection_to(data_dir)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": NAME,
        "HOST": reach.pop("host"),
        "PORT": reach.pop("port"),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": POOL, **reach},
    }


def find_home(home: Path) -> bool:
    """Whether there is a home; refuse a link that leads nowhere."""
    if home.is_symlink() and not home.exists():
        raise PostgresError(
            f"{home} points to {home.readlink()}, which is not there. Is a disk not mounted, or was it moved?\n"
            "Bring it back, or point the link to its new place."
        )
    return home.exists()


def make_home(data_dir: Path, account: Account) -> Path:
    """Return the real path of the home, made when missing. Call it under the lock of *data_dir*."""
    home = home_of(data_dir)
    if not find_home(home):
        if account.can_enter(data_dir):
            home.mkdir(mode=0o700)
            account.own(home)
        else:
            _make_home_elsewhere(home, account)
    return home.resolve()


def _make_home_elsewhere(home: Path, account: Account) -> None:
    """Link *home* to a new folder that the server's user can reach, for root, whose folders it cannot enter."""
    if os.geteuid():
        raise PostgresError(f"{home.parent} cannot be entered. Choose another DATA_DIR.")
    place = Path(tempfile.mkdtemp(prefix="database-", dir=place_for_root()))
    (place / "belongs-to").write_bytes(os.fsencode(home.parent) + b"\n")
    account.own(place)
    home.symlink_to(place)


def make_cluster(home: Path, account: Account, binaries: Path) -> None:
    """Make `home/data`: beside its place, and moved there when it is complete and on the disk."""
    new = Path(tempfile.mkdtemp(prefix="data.new-", dir=home))
    account.own(new)
    command: list[str | Path] = [binaries / "initdb", "-D", new, "-U", SUPERUSER, "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", "--data-checksums", "--auth=peer", "--no-instructions"]
    for name, value in _SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, **account.as_this_user())
    if made.returncode:
        raise PostgresError(f"PostgreSQL could not make its folder {new}:\n{made.stderr.strip() or made.stdout}")
    new.rename(home / "data")
    descriptor = os.open(home, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def check_owner(home: Path, account: Account) -> None:
    """Refuse to start somebody else's database, in plain words."""
    if not account.is_me and os.geteuid():
        raise PostgresError(
            f"The database in {home} belongs to the user {account.name}; you are {pwd.getpwuid(os.geteuid()).pw_name}."
            f"\nStart as {account.name}, or as root as before, or give it away while it is stopped: "
            "chown -R <user> on that folder."
        )


def check_cluster(home: Path, account: Account) -> None:
    """Refuse a folder that this PostgreSQL or its user cannot use, in plain words."""
    data = home / "data"
    if (owner := data.stat().st_uid) != account.uid:
        raise PostgresError(
            f"{home} belongs to {account.name}, but {data} in it to the user with the number {owner}.\n"
            f"Give all of it to one user: chown -R {account.name} {home}"
        )
    try:
        found = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise PostgresError(
            f"{data} is there but holds no database (no PG_VERSION in it). Nothing was touched.\n"
            "If it was put there by mistake, move it away; if the database was damaged, restore a backup."
        ) from None
    if found != str(MAJOR):
        raise PostgresError(
            f"The database in {data} was made by PostgreSQL {found}; this software brings PostgreSQL {MAJOR}. "
            "Nothing was touched.\n"
            f"Start it with the software's version that brought PostgreSQL {found} and make a backup (manage.py db "
            f"backup FILE); then move {home} away, and restore the backup here."
        )


def make_socket_folder(data_dir: Path, account: Account) -> Path:
    """Return the real path of the folder for the socket, which only its owner can enter."""
    folder = socket_folder(data_dir)
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        pass
    if problem := socket_problem(folder, account):
        raise PostgresError(problem)
    return folder.resolve()


def socket_problem(folder: Path, account: Account) -> str:
    """Say what is wrong with a folder for the socket; nothing when all is well."""
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077:
        return ""
    return (
        f"{folder} should be a folder of {account.name}'s that nobody else can enter (mode 700), and is not.\n"
        "Somebody else made or changed it. Remove it while the database is stopped; it holds nothing to keep."
    )


def write_access_rules(home: Path, account: Account) -> None:
    """Let the database's owner and root connect, recognised by the kernel, and nobody else."""
    names = {account.name, pwd.getpwuid(0).pw_name}
    people = [f'jmdi "{name}" {role}\n' for name in sorted(names) for role in (SUPERUSER, NAME)]
    _write(home / "pg_hba.conf", "local all all peer map=jmdi\n", account)
    _write(home / "pg_ident.conf", "".join(people), account)


def _write(path: Path, text: str, account: Account) -> None:
    """Replace a file as a whole. It lies in a folder of *account*'s: as root, follow nothing that is there."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open_new(new, account) as file:
        file.write(text.encode())
    new.replace(path)


def open_new(path: Path, account: Account) -> Any:
    """Open a file for writing that must not exist yet; it becomes *account*'s, for its eyes only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    account.own(descriptor)
    return os.fdopen(descriptor, "wb")
