"""Pages for paper."""

from __future__ import annotations

import datetime as dt
import sys

import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from PIL import ImageFile

from incidents.views.printing import day_name, pdf_of, pdf_or_print

PAGE = "incidents/print_base.html"


def test_a_pdf_is_made() -> None:
    response = pdf_or_print(RequestFactory().get("/"), PAGE, {"business_name": "Harbour & Co"}, name="été")
    assert response["Content-Type"] == "application/pdf"
    assert "t%C3%A9.pdf" in response["Content-Disposition"]
    pages = pypdfium2.PdfDocument(response.content)
    assert "Harbour & Co" in pages[0].get_textpage().get_text_range()
    assert "1 / 1" in pages[0].get_textpage().get_text_range()


def test_the_page_to_print_is_asked_for() -> None:
    response = pdf_or_print(RequestFactory().get("/?form=print"), PAGE, {}, name="x")
    assert response["Content-Type"].startswith("text/html")
    assert b"css/print.css" in response.content


def test_without_the_libraries_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    response = pdf_or_print(RequestFactory().get("/"), PAGE, {}, name="x")
    assert b"cannot make PDF files" in response.content


def test_nothing_is_fetched(caplog: pytest.LogCaptureFixture) -> None:
    html = render_to_string(PAGE, {"is_pdf": True}) + '<img src="file:///etc/hostname"><img src="http://127.0.0.1:1/">'
    assert pdf_of(html)
    assert "Failed to load image" in caplog.text


def test_a_name_of_a_file() -> None:
    assert day_name("minutes", dt.date(2026, 3, 4), "Harbour Hotel") == "minutes-2026-03-04-harbour-hotel"


def test_pictures_that_are_cut_off_are_refused_as_before() -> None:
    """The library lets them pass wherever Pillow is used, as soon as it is loaded."""
    assert pdf_of("<p>Something on paper</p>")
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
