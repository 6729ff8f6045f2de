"""Stub."""

POOL = {"min_size": 0, "max_size": 12, "timeout": 10}


def django_database(data_dir):
    return {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}
