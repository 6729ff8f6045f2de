"""Filling in the admin's forms as an editor does: what the page shows, with some of it changed."""

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def url_of(row: Model, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def fields_of(response: Any) -> dict[str, Any]:
    """Return what the form on a page would send, with the line ends that browsers send."""
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets", []):
        forms += [inline.formset.management_form, *inline.formset.forms]
    shown = {bound.html_name: bound.value() for form in forms for bound in form if not bound.field.disabled}
    return {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in shown.items()
        if value is not None and value is not False
    }


def opened(client: Client, row: Model) -> dict[str, Any]:
    """Return the fields of the page of *row*, as somebody has it before them."""
    return fields_of(client.get(url_of(row)))


def edit(client: Client, row: Model, button: str = "_save", **changes: Any) -> Any:
    """Open the page of *row*, change some fields, press a button."""
    return client.post(url_of(row), {**opened(client, row), **changes, button: "x"})


def add(client: Client, model: type[Model], button: str = "_save", **fields: Any) -> Any:
    """Fill in the form for a new row."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    return client.post(url, {**fields_of(client.get(url)), **fields, button: "x"})


def inline_row(prefix: str, place: int, **fields: Any) -> dict[str, Any]:
    """Return the fields of one more row in an inline that shows *place* rows."""
    row = {"position": 0, **fields}
    return {f"{prefix}-TOTAL_FORMS": place + 1} | {f"{prefix}-{place}-{name}": text for name, text in row.items()}
