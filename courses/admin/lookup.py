"""What is looked up: the glossary and the bibliography."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest

from courses.admin.forms import FiledForm, TermForm
from courses.admin.saving import ContentAdmin
from courses.models import GlossaryTerm, Reference


class FiledAdmin(ContentAdmin):
    """A kind of content that is filed under topics."""

    form = FiledForm
    list_filter = ["course", "topics"]
    list_select_related = ["course"]

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Topics are few: boxes to tick."""
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)


@admin.register(GlossaryTerm)
class TermAdmin(FiledAdmin):
    """The glossary."""

    form = TermForm
    list_display = ["term", "key", "course"]
    search_fields = ["term", "key", "body"]
    fields = ["course", "key", "term", "body", "topics"]


@admin.register(Reference)
class ReferenceAdmin(FiledAdmin):
    """The bibliography."""

    list_display = ["authors", "year", "title", "course"]
    search_fields = ["authors", "title", "publisher", "key"]
    fields = ["course", "key", "authors", "year", "title", "publisher", "url", "note", "topics"]
