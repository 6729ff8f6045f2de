"""Restoring a backup: verified as a whole, restored beside the current database, checked, then swapped by renaming."""

import shutil
import tarfile
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jmdi.postgres import archive, folder
from jmdi.postgres.archive import Manifest
from jmdi.postgres.backup import count_rows, migrations, run
from jmdi.postgres.binaries import MAJOR
from jmdi.postgres.errors import PostgresError
from jmdi.postgres.server import Server
from jmdi.postgres.use import is_used, using

_SWAP_ATTEMPTS = 5


@dataclass(frozen=True)
class Restored:
    """What a restore did: what came in, and under which names the former state is kept (None: there was none)."""

    manifest: Manifest
    kept_database: str | None
    kept_media: Path | None


def restore(
    server: Server, source: Path, media: Path, known: Collection[tuple[str, str]], *, force: bool = False
) -> Restored:
    """Put the backup *source* in the place of the site's database and *media* files.

    *known* are the migrations of this software. While the site is in use it is refused, unless *force*.
    """
    with archive.opened(source) as (tar, manifest):
        _check(manifest, known)
        if is_used(server) and not force:
            raise PostgresError(
                "The site is being served; what people write now would be left behind in the former database. "
                "Stop it first, or say --force. Nothing was touched."
            )
        try:
            with using(server):
                return _restore(server, tar, manifest, media, force=force)
        except (psycopg.Error, OSError) as error:
            raise PostgresError(f"Restoring failed, and the site's database is as it was: {error}") from error


def _check(manifest: Manifest, known: Collection[tuple[str, str]]) -> None:
    if manifest.postgres > MAJOR:
        raise PostgresError(
            f"This backup comes from PostgreSQL {manifest.postgres}; this software brings {MAJOR}. Nothing was touched."
        )
    if strange := sorted({(app, name) for app, name in manifest.migrations} - set(known)):
        app, name = strange[0]
        raise PostgresError(
            f"This backup comes from a newer version of this software (it has {app} {name}, which is not known here). "
            "Update the software, then restore. Nothing was touched."
        )


def _restore(server: Server, tar: tarfile.TarFile, manifest: Manifest, media: Path, *, force: bool) -> Restored:
    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    new, kept = f"{folder.NAME}_restoring_{stamp}", f"{folder.NAME}_before_{stamp}"
    new_media = media.with_name(f"{media.name}.restoring-{stamp}")
    with server.connect() as connection:
        if not force and _users(connection):
            raise PostgresError(
                "Programs are connected to the site's database. Stop them, or say --force. Nothing was touched."
            )
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (new, folder.NAME))))
        try:
            _fill(server, tar, new)
            _compare(server, manifest, new)
            _extract_media(tar, manifest, new_media)
            _swap(connection, new, kept)
        except BaseException:
            # Only what was made a moment ago.
            shutil.rmtree(new_media, ignore_errors=True)
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(new)))
            raise
    return Restored(manifest, kept, _swap_media(media, new_media, stamp))


def _users(connection: psycopg.Connection[Any]) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    return connection.execute(query, [folder.NAME]).fetchone()[0]


def _fill(server: Server, tar: tarfile.TarFile, database: str) -> None:
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=server.data_dir) as place:
        dump = Path(place) / archive.DUMP
        archive.extract(tar, archive.DUMP, dump)
        run(server, "pg_restore", "--exit-on-error", "--no-owner", "--no-acl", f"--dbname={database}", str(dump))


def _compare(server: Server, manifest: Manifest, database: str) -> None:
    with server.connect(database) as connection:
        counts, applied = count_rows(connection), migrations(connection)
    if counts != manifest.counts or applied != manifest.migrations:
        raise PostgresError("What came out of the backup is not what went in. The site's database is as it was.")


def _swap(connection: psycopg.Connection[Any], new: str, kept: str) -> None:
    """Exchange the databases in one transaction. Who is connected is sent away, and may try to come back."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    for attempt in range(_SWAP_ATTEMPTS):
        try:
            with connection.transaction():
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [folder.NAME]
                )
                # From here new connections wait; PostgreSQL gives the old ones five seconds to end.
                connection.execute(rename.format(sql.Identifier(folder.NAME), sql.Identifier(kept)))
                connection.execute(rename.format(sql.Identifier(new), sql.Identifier(folder.NAME)))
            return
        except psycopg.errors.ObjectInUse:
            if attempt + 1 == _SWAP_ATTEMPTS:
                raise


def _extract_media(tar: tarfile.TarFile, manifest: Manifest, new: Path) -> None:
    new.mkdir(parents=True)
    for name in manifest.members:
        if name.startswith(archive.MEDIA):
            target = new / name.removeprefix(archive.MEDIA)
            target.parent.mkdir(parents=True, exist_ok=True)
            archive.extract(tar, name, target)


def _swap_media(media: Path, new: Path, stamp: str) -> Path | None:
    kept = media.with_name(f"{media.name}.before-{stamp}") if media.exists() else None
    if kept:
        media.rename(kept)
    new.rename(media)
    return kept
