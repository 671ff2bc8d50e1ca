"""Pages for paper: a PDF, or the same page to print from the browser."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

STYLE = "css/print.css"
ON_SCREEN = "/* On a screen"  # from there on the style is for browsers
ONLY_PRINT = "print"


def pdf_or_print(
    request: HttpRequest, template: str, context: dict[str, Any], *, name: str, zone: dt.tzinfo = dt.UTC
) -> HttpResponse:
    """`template` (it extends `incidents/print_base.html`) as `<name>.pdf`; with `?form=print` as a page to print.

    `zone`: by whose clock it says when it was printed. Where this machine cannot make PDF, the page to print says so.
    """
    context = {"printed_at": timezone.now().astimezone(zone).replace(tzinfo=None), **context}
    if request.GET.get("form") == ONLY_PRINT:
        return render(request, template, context)
    content = pdf_of(render_to_string(template, {**context, "is_pdf": True}, request))
    if content is None:
        return render(request, template, {**context, "has_no_pdf": True})
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=f"{name}.pdf") or ""
    return response


def pdf_of(html: str) -> bytes | None:
    """A tagged PDF in A4; None where the libraries it is drawn with are missing. Nothing is fetched from anywhere."""
    try:
        from PIL import ImageFile
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        return None
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets cut-off pictures pass, everywhere: uploads must not
    nothing_from_outside = URLFetcher(allowed_protocols=["data"])
    page = HTML(string=html, url_fetcher=nothing_from_outside)
    style = CSS(string=_style(), url_fetcher=nothing_from_outside)
    made: bytes = page.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    return made


@cache
def _style() -> str:
    """As it lies in the repository: the collected one has another name, and is not there in tests."""
    found = finders.find(STYLE)
    if not found:
        raise FileNotFoundError(STYLE)
    return Path(str(found)).read_text(encoding="utf-8").partition(ON_SCREEN)[0]


def day_name(prefix: str, day: dt.date, place: str = "") -> str:
    """A file's name: "minutes-2026-03-04-harbour-hotel"."""
    return "-".join(part for part in (prefix, f"{day:%Y-%m-%d}", slugify(place)) if part)
