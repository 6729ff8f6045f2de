"""A backup is one file that is complete or refused; a restore replaces everything or nothing."""

import json
import stat
import tarfile
import threading

import pytest

from jmdi.postgres import PostgresError, archive, using
from jmdi.postgres.backup import backup
from jmdi.postgres.folder import NAME
from jmdi.postgres.restore import restore
from jmdi.tests.conftest import copy_of, count, listing, write


@pytest.fixture
def site(database):
    """Return a running server with 500 rows in it."""
    with using(database):
        write(database, 500)
        yield database


@pytest.fixture
def media(place):
    folder = place / "media"
    (folder / "figures").mkdir(parents=True)
    (folder / "figures" / "été.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def elsewhere(place, model):
    """Return a second site, which is not running, with one row and one file of its own."""
    server = copy_of(model, place / "elsewhere")
    server.start()
    write(server, 1)
    server.stop()
    (server.data_dir / "media").mkdir()
    (server.data_dir / "media" / "own.txt").write_text("own")
    return server


def databases(server):
    with server.connect() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_what_is_written_meanwhile_does_not_tear_a_backup(site, media, elsewhere, place):
    is_over = threading.Event()

    def keep_writing():
        with site.connect(NAME, NAME) as connection:
            while not is_over.is_set():
                connection.execute("INSERT INTO words (word) VALUES ('meanwhile')")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        manifest = backup(site, place / "one.jmdi", media)
    finally:
        is_over.set()
        writer.join()
    assert stat.S_IMODE((place / "one.jmdi").stat().st_mode) == 0o600
    assert count(site) > manifest.counts["words"] >= 500
    assert not list(place.glob(".backup-*"))

    done = restore(elsewhere, place / "one.jmdi", elsewhere.data_dir / "media", known=[])

    assert done.manifest == manifest
    assert not elsewhere.status().is_running
    with using(elsewhere):
        assert count(elsewhere) == manifest.counts["words"]
        with elsewhere.connect(NAME, NAME) as connection:
            connection.execute("INSERT INTO words (word) VALUES ('and on')")
        with elsewhere.connect(done.kept_database) as connection:
            assert connection.execute("SELECT count(*) FROM words").fetchone() == (1,)
    assert listing(elsewhere.data_dir / "media").keys() == {"figures", "figures/été.svg"}
    assert (elsewhere.data_dir / "media" / "figures" / "été.svg").read_text() == "<svg/>"
    assert (done.kept_media / "own.txt").read_text() == "own"


def test_a_backup_never_replaces_a_file(site, media, place):
    (place / "one.jmdi").write_text("last week's")

    with pytest.raises(PostgresError, match="exists already"):
        backup(site, place / "one.jmdi", media)

    assert (place / "one.jmdi").read_text() == "last week's"


def test_a_backup_that_cannot_be_written_leaves_nothing(site, media, place):
    (media / "too-late").symlink_to("/nowhere")

    with pytest.raises(PostgresError, match="could not be written"):
        backup(site, place / "no" / "such" / "folder" / "one.jmdi", media)

    assert backup(site, place / "one.jmdi", media).members.keys() == {"database.dump", "media/figures/été.svg"}


def test_a_site_that_is_not_running_is_backed_up_too_and_stopped_again(elsewhere, place):
    manifest = backup(elsewhere, place / "one.jmdi", elsewhere.data_dir / "media")

    assert manifest.counts == {"words": 1}
    assert not elsewhere.status().is_running


@pytest.fixture
def whole(site, media, place):
    """Return a good backup."""
    backup(site, place / "whole.jmdi", media)
    return place / "whole.jmdi"


def assert_refused(server, path, words, known=()):
    """Restoring is refused with these words, and everything is as it was."""
    names, files = databases(server), listing(server.data_dir / "media")

    with pytest.raises(PostgresError, match=words):
        restore(server, path, server.data_dir / "media", known, force=True)

    assert databases(server) == names
    assert count(server) == 500
    assert listing(server.data_dir / "media") == files
    assert not list(server.data_dir.glob("*restor*"))


def test_a_damaged_backup_is_refused_before_anything_is_touched(site, whole, place):
    good = whole.read_bytes()
    broken = place / "broken.jmdi"
    for length in (0, 1, 50, 512, len(good) // 2, len(good) - 1):
        broken.write_bytes(good[:length])
        assert_refused(site, broken, "not a complete backup|is damaged")
    for place_in_file in (0, 200, 600, len(good) // 3, len(good) - 500, len(good) - 80, len(good) - 10, len(good) - 1):
        bad = bytearray(good)
        bad[place_in_file] ^= 4
        broken.write_bytes(bad)
        assert_refused(site, broken, "not a complete backup|is damaged")


def test_what_is_not_a_backup_of_ours_is_refused(site, place):
    strange = place / "strange"
    assert_refused(site, strange, "cannot be read: No such file")
    strange.write_text("a letter to my aunt\n" * 100)
    assert_refused(site, strange, "not a complete backup")
    with tarfile.open(strange, "w") as tar:
        tar.add(__file__, "database.dump")
    archive.seal(strange)
    assert_refused(site, strange, "it has no manifest")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "jmdi backup 2"}, "backup of another kind"),
        ({"postgres": 19}, "comes from PostgreSQL 19"),
        ({"migrations": [["courses", "0099_from_the_future"]]}, "newer version of this software"),
        ({"counts": {"words": 499}}, "not what went in"),
        ({"surprise": 1}, "makes no sense"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(site, whole, place, change, words):
    changed = place / "changed.jmdi"
    with tarfile.open(whole) as tar, tarfile.open(changed, "w") as new:
        for member in tar.getmembers():
            content = tar.extractfile(member).read()
            if member.name == archive.MANIFEST:
                content = json.dumps(json.loads(content) | change).encode()
                member.size = len(content)
            (place / "part").write_bytes(content)
            with (place / "part").open("rb") as part:
                new.addfile(member, part)
    archive.seal(changed)

    assert_refused(site, changed, words, known=[("courses", "0001_initial")])


def test_a_site_in_use_is_left_alone_unless_forced(site, whole):
    with pytest.raises(PostgresError, match="The site is being served"):
        restore(site, whole, site.data_dir / "media", known=[])
    write(site, 7)

    with site.connect(NAME, NAME):
        done = restore(site, whole, site.data_dir / "media", known=[], force=True)

    assert count(site) == 500
    with site.connect(done.kept_database) as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone() == (507,)


def test_a_program_that_is_connected_counts_as_use(database, place, media):
    database.start()
    write(database, 1)
    backup(database, place / "one.jmdi", media)

    with database.connect(NAME, NAME), pytest.raises(PostgresError, match="Programs are connected"):
        restore(database, place / "one.jmdi", media, known=[])
