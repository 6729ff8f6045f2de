"""The site, and the floor that its pages are compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

FILLER = "<p>" + "word " * 2000 + "</p>"


def floor(request: HttpRequest) -> HttpResponse:
    """An empty page of 10 KB for somebody signed in: what the framework alone costs."""
    return HttpResponse(f"<!doctype html><title>{request.user.name}</title>{FILLER}")


urlpatterns = [path("bench/floor/", floor), path("", include("jmdi.urls"))]
