"""Pytest plugin: the test run's own environment and PostgreSQL. Loaded (`-p jmdi.testing`) before Django's settings.

Without DATABASE_URL the tests run on an embedded server of their own in `var/test`, apart from the demo's data.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from jmdi import chromium
from jmdi.postgres import Server, using

_ENVIRONMENT = {
    "DEBUG": "0",
    "DEMO": "0",
    "HTTPS": "0",
    "SECRET_KEY": "only-for-tests",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATA_DIR": str(Path(__file__).resolve().parent.parent / "var" / "test"),
    "PYTHONWARNINGS": "",
    # Playwright's own event loop runs in the test's thread; our code under test has threads of its own.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
for name, value in _ENVIRONMENT.items():
    os.environ[name] = value
os.environ.pop("EMAIL_URL", None)


_started = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the test server once, before workers connect to it."""
    _look_for_static_files_once()
    is_worker = hasattr(config, "workerinput")
    if is_worker:
        return
    if not os.environ.get("DATABASE_URL"):
        _started.enter_context(using(Server(Path(os.environ["DATA_DIR"]))))
    _collect_static()


def _collect_static() -> None:
    """Pages name static files by their content, in tests as on a site."""
    import django

    django.setup()
    from jmdi.server import collect_static

    collect_static(lambda line: None)


def _look_for_static_files_once() -> None:
    """Every test client makes the middleware anew, and each would look at 1,600 files that are always the same."""
    from whitenoise.base import WhiteNoise

    look, found = WhiteNoise.update_files_dictionary, {}

    def look_once(self: WhiteNoise, root: str, prefix: str) -> None:
        if root not in found:
            look(self, root, prefix)
            found[root] = dict(self.files)
        self.files.update(found[root])

    WhiteNoise.update_files_dictionary = look_once


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the test server if this run started it, and no other uses it."""
    _started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser, say how to get one instead of failing."""
    if chromium.PATH:
        return
    skip = pytest.mark.skip(reason="no Chromium here: `make browser` installs it (Debian, as root)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)
