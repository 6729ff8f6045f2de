"""The one file that a backup is: a tar archive, and behind it a line with the SHA-256 of all before.

    database.dump   pg_dump's custom format
    media/…         uploaded files
    manifest.json   what is in it, and what must be found again after restoring

`tar xf` opens it too. The line behind finds any change and any missing end, before anything else is read.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from jmdi.postgres.errors import PostgresError

DUMP = "database.dump"
MANIFEST = "manifest.json"
MEDIA = "media/"

_FORMAT = "jmdi backup 1"
_SEAL = b"\nsha256 "
_SEAL_LENGTH = len(_SEAL) + 64 + 1
_CHUNK = 1 << 20


@dataclass
class Manifest:
    """What a backup holds. `members` are the archive's files with their size and SHA-256."""

    made: str
    postgres: int
    migrations: list[list[str]]
    counts: dict[str, int]
    members: dict[str, list[Any]] = field(default_factory=dict)
    format: str = _FORMAT

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return the manifest of a backup, or refuse what is not one."""
        try:
            fields = json.loads(text)
            if fields["format"] != _FORMAT:
                raise PostgresError(f"This is a backup of another kind: {fields['format']}. Nothing was touched.")
            return cls(**fields)
        except (ValueError, TypeError, KeyError) as error:
            raise PostgresError(_not_ours("its manifest makes no sense")) from error


class Writer:
    """Adds files to a backup that is being written."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115  closed by finish
        self._manifest = manifest

    def add(self, name: str, path: Path) -> None:
        """Add one file as it is at this moment."""
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(source.fileno()).st_size
            reader = _Hashing(source)
            self._tar.addfile(info, reader)
        self._manifest.members[name] = [info.size, reader.digest.hexdigest()]

    def finish(self) -> None:
        """Add the manifest and end the archive."""
        text = json.dumps(asdict(self._manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))
        self._tar.close()


class _Hashing(io.RawIOBase):
    """Reads a file and knows the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size)
        self.digest.update(block)
        return block


def seal(path: Path) -> None:
    """Write the digest behind a finished archive, and have all of it on the disk."""
    with path.open("r+b") as file:
        digest = _digest(file, path.stat().st_size)
        file.seek(0, os.SEEK_END)
        file.write(_SEAL + digest + b"\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def opened(path: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """Open a backup of which every byte has been verified."""
    try:
        with path.open("rb") as file:
            _verify_seal(path, file)
            with tarfile.open(fileobj=file, mode="r:") as tar:
                yield tar, _verify_members(tar)
    except tarfile.TarError as error:
        raise PostgresError(_not_ours(str(error))) from error
    except OSError as error:
        raise PostgresError(f"{path} cannot be read: {error.strerror}. Nothing was touched.") from error


def _verify_seal(path: Path, file: IO[bytes]) -> None:
    length = os.fstat(file.fileno()).st_size - _SEAL_LENGTH
    if length < 0:
        raise PostgresError(_not_ours("it is too short"))
    file.seek(length)
    found = file.read()
    if not found.startswith(_SEAL):
        raise PostgresError(_not_ours("its end is missing"))
    if found != _SEAL + _digest(file, length) + b"\n":
        raise PostgresError(
            f"{path} is damaged: its contents are not what was written (SHA-256). Nothing was touched; "
            "use another copy or an older backup."
        )
    file.seek(0)


def _verify_members(tar: tarfile.TarFile) -> Manifest:
    names = tar.getnames()
    if MANIFEST not in names:
        raise PostgresError(_not_ours("it has no manifest"))
    manifest = Manifest.read(_read(tar, MANIFEST).read())
    if sorted(names) != sorted([*manifest.members, MANIFEST]) or DUMP not in manifest.members:
        raise PostgresError(_not_ours("it does not hold what its manifest lists"))
    for name, (size, digest) in manifest.members.items():
        file = _read(tar, name)
        if tar.getmember(name).size != size or _digest(file, size).decode() != digest:
            raise PostgresError(_not_ours(f"{name} is not what its manifest lists"))
        parts = PurePosixPath(name).parts
        if name != DUMP and (parts[0] + "/" != MEDIA or len(parts) < 2 or ".." in parts or "\0" in name):
            raise PostgresError(_not_ours(f"{name} has no place in it"))
    return manifest


def extract(tar: tarfile.TarFile, name: str, target: Path) -> None:
    """Copy one file out of a verified backup, to the disk and for its owner's eyes only."""
    source = _read(tar, name)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while block := source.read(_CHUNK):
            file.write(block)
        file.flush()
        os.fsync(descriptor)


def _read(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise PostgresError(_not_ours(f"{name} is not a file"))
    return file


def _digest(file: IO[bytes], length: int) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while length > 0 and (block := file.read(min(_CHUNK, length))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest().encode()


def _not_ours(why: str) -> str:
    return f"This is not a complete backup of this software: {why}. Nothing was touched."
