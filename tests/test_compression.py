"""Pages are sent small: the same words after unpacking, and no two answers of one length."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from recovery.middleware import GZipMiddleware

PAGE = "<p>Wir bitten um Verzeihung für das kalte Bad.</p>" * 40


def _answered(response: HttpResponseBase, accepts: str = "gzip, br") -> HttpResponseBase:
    def view(request: HttpRequest) -> HttpResponseBase:
        return response

    request = RequestFactory().get("/", headers={"accept-encoding": accepts})
    return GZipMiddleware(view).process_response(request, view(request))


def test_a_page_is_the_same_when_it_is_unpacked() -> None:
    answer = _answered(HttpResponse(PAGE))

    assert isinstance(answer, HttpResponse)
    assert gzip.decompress(answer.content).decode() == PAGE
    assert len(answer.content) < len(PAGE) / 5
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Content-Length"] == str(len(answer.content))


def test_the_length_of_an_answer_tells_nothing_of_what_is_in_it() -> None:
    lengths = {_answered(HttpResponse(PAGE))["Content-Length"] for _ in range(40)}

    assert len(lengths) > 10  # of a hundred there are to choose from


@pytest.mark.parametrize(("accepts", "page"), [("identity", PAGE), ("", PAGE), ("gzip", "Soon.")])
def test_who_takes_no_packed_pages_and_what_is_short_get_plain_words(accepts: str, page: str) -> None:
    answer = _answered(HttpResponse(page), accepts)

    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == page
    assert "Content-Encoding" not in answer


def test_what_is_packed_already_stays_as_it_is() -> None:
    packed = gzip.compress(PAGE.encode(), 9) * 3
    answer = _answered(HttpResponse(packed, headers={"Content-Encoding": "gzip"}))

    assert isinstance(answer, HttpResponse)
    assert answer.content == packed


def test_what_would_grow_is_sent_as_it_is() -> None:
    noise = bytes((index * 7919 + index**3 * 31) % 251 for index in range(260))
    answer = _answered(HttpResponse(noise))

    assert isinstance(answer, HttpResponse)
    assert answer.content == noise
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize(("given", "sent"), [('"strong"', 'W/"strong"'), ('W/"weak"', 'W/"weak"')])
def test_a_page_that_was_packed_keeps_a_weak_mark(given: str, sent: str) -> None:
    assert _answered(HttpResponse(PAGE, headers={"ETag": given}))["ETag"] == sent


def test_what_is_streamed_is_packed_piece_by_piece() -> None:
    def pieces() -> Iterator[str]:
        yield from (PAGE, PAGE)

    answer = _answered(StreamingHttpResponse(pieces()))

    assert isinstance(answer, StreamingHttpResponse)
    whole = b"".join(answer)
    assert gzip.decompress(whole).decode() == PAGE * 2
