"""Making a backup: one file, complete or not there, of one moment of the database, and the uploaded files."""

import os
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jmdi.postgres import archive, folder
from jmdi.postgres.binaries import MAJOR, find_binaries
from jmdi.postgres.errors import PostgresError
from jmdi.postgres.server import Server
from jmdi.postgres.use import using


def backup(server: Server, target: Path, media: Path) -> archive.Manifest:
    """Write the site's database and its *media* files to *target*, which must not exist yet."""
    target = target.absolute()
    if os.path.lexists(target):
        raise PostgresError(f"{target} exists already, and a backup never replaces anything. Choose another name.")
    try:
        with using(server), tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as place:
            whole = Path(place) / "whole"
            manifest = _write(server, whole, Path(place) / archive.DUMP, media)
            # Reserve the name first: renaming alone would replace what somebody has put there meanwhile.
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            whole.replace(target)
        _to_disk(target.parent)
    except FileExistsError:
        raise PostgresError(f"{target} exists meanwhile, and a backup never replaces anything.") from None
    except psycopg.Error as error:
        raise PostgresError(f"The database could not be read: {error}No backup was made.") from error
    except OSError as error:
        raise PostgresError(f"The backup could not be written to {target.parent}: {error}. None was made.") from error
    return manifest


def _write(server: Server, whole: Path, dump: Path, media: Path) -> archive.Manifest:
    whole.touch(mode=0o600)
    with server.connect(folder.NAME) as connection, connection.transaction():
        # What is counted is what is dumped, whatever is written meanwhile.
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        manifest = archive.Manifest(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            postgres=MAJOR,
            migrations=migrations(connection),
            counts=count_rows(connection),
        )
        run(server, "pg_dump", "--format=custom", f"--snapshot={snapshot[0]}", f"--file={dump}", folder.NAME)
    with whole.open("wb") as file:
        writer = archive.Writer(file, manifest)
        writer.add(archive.DUMP, dump)
        dump.unlink()
        for path in sorted(media.rglob("*")):
            if path.is_file() and not path.is_symlink():
                writer.add(archive.MEDIA + path.relative_to(media).as_posix(), path)
        writer.finish()
    archive.seal(whole)
    return manifest


def run(server: Server, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the server, as ourselves and as the database's owner."""
    reach = folder.connection_to(server.data_dir)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "PGHOST": reach["host"],
        "PGPORT": str(reach["port"]),
        "PGUSER": folder.NAME,
        "PGREQUIREPEER": reach["requirepeer"],
    }
    command = [find_binaries() / program, "--no-password", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PostgresError(f"{program} failed: {done.stderr.strip()}")


def migrations(connection: psycopg.Connection[Any]) -> list[list[str]]:
    """Return the applied migrations, as [app, name]."""
    if not connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0]:
        return []
    return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")]


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Return how many rows each table of the site has."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return {
        name: connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()[0]
        for (name,) in tables.fetchall()
    }


def _to_disk(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
