"""Our HTML from parts escapes as Django's does."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from incidents.forms.markup import fill, fill_each, joined
from incidents.vocabulary import Channel


@pytest.mark.parametrize(
    "part",
    [
        *("<b a='1'>&\"", "plain", SafeString("<b>"), gettext_lazy("Choose"), 1000, None, Channel.PHONE),
        *(Channel.PHONE.label, SimpleLazyObject(lambda: "<b>"), SimpleLazyObject(lambda: SafeString("<b>"))),
    ],
)
def test_parts_are_escaped_as_django_escapes_them(part: Any) -> None:
    assert fill("<i>{}</i>", part) == format_html("<i>{}</i>", part)
    assert fill_each(", ", "<i>{}</i>", [(part,), (part,)]) == format_html_join(", ", "<i>{}</i>", [(part,), (part,)])
    assert joined([part, part]) == format_html_join("", "{}", [(part,), (part,)])
    assert isinstance(fill("{}", part), SafeString)
