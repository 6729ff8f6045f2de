"""Giving people what they wrote: to read, on paper, as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from courses.takehome import FORMATS, made_on
from courses.written import written_by


@require_safe
def my_answers(request: HttpRequest) -> HttpResponse:
    """Show everything I wrote with its question, by topic; on paper too."""
    context = {"courses": written_by(request.user), "formats": FORMATS, "made_on": made_on()}
    return render(request, "courses/answers.html", context)


@require_safe
def answers_download(request: HttpRequest, kind: str) -> HttpResponse:
    """Send everything I wrote as one file."""
    if kind not in FORMATS:
        raise Http404
    format_ = FORMATS[kind]
    response = HttpResponse(
        format_.make(written_by(request.user), request.user.get_full_name()), content_type=format_.content_type
    )
    name = f"my-answers-{localdate().isoformat()}.{format_.ending}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
