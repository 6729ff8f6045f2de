"""What readers see is stored as one document per course; it now holds each topic's references."""

from typing import Any

from django.db import migrations

_FIELDS = ("key", "authors", "year", "title", "publisher", "url", "note")


def publish_references(apps: Any, schema_editor: Any) -> None:
    """Put them in, so that topics can be read before the next edit publishes their course anew."""
    Reference = apps.get_model("courses", "Reference")
    for course in apps.get_model("courses", "Course").objects.exclude(published={}):
        for topic in course.published["topics"]:
            rows = Reference.objects.filter(topics=topic["id"]).order_by("authors", "year", "pk")
            topic["references"] = list(rows.values(*_FIELDS))
        course.version += 1
        course.save(update_fields=["published", "version"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_count_objectives_rated")]

    operations = [migrations.RunPython(publish_references, migrations.RunPython.noop)]
