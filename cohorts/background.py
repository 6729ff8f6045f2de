"""Work that nobody waits for on a page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import task


@task()
def run(path: str, *args: Any) -> None:
    """Call the function at the dotted *path*."""
    import_string(path)(*args)


def enqueue(function: Callable[..., None], *args: Any) -> None:
    """Have *function* called with *args* in the background, once what is being written now is written."""
    path = f"{function.__module__}.{function.__qualname__}"
    transaction.on_commit(partial(run.enqueue, path, *args))
