"""What was refused, back in its form."""

from typing import TYPE_CHECKING

from django import template
from django.http import QueryDict

if TYPE_CHECKING:
    from activities.views.live import Refused

register = template.Library()


@register.simple_tag
def given_back(refused: "Refused | None", name: str, stored: str) -> str:
    """Return what somebody has just sent as *name* and was refused, else what is stored."""
    return refused.sent.get(name, stored) if refused else stored


@register.simple_tag
def keyed_before(sent: QueryDict | None, name: str, number: object) -> str:
    """Return what a form of paper held in the field *name*-*number* when it was refused, or taken back."""
    return sent.get(f"{name}-{number}", "") if sent else ""


@register.filter
def field(sent: QueryDict, name: str) -> str:
    """Return the field *name* of what was sent, where its name is no word for a template."""
    return sent.get(name, "")
