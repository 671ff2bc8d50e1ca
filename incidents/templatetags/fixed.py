"""Templates that say the same to everybody: made once for each language."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from incidents.forms.markup import rendered

register = template.Library()


@register.simple_tag
def fixed(name: str, **given: Hashable) -> SafeString:
    """Like `include`, of a template that reads nothing but what is `given`.

    What is given is one of a few values that are nobody's own (a role, a number up to 99): what was made is kept.
    """
    if settings.DEBUG:  # templates are being written
        return rendered(get_template(name).render(given))
    return _made(name, get_language(), tuple(given.items()))


@lru_cache(maxsize=1024)
def _made(name: str, language: str | None, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    return rendered(get_template(name).render(dict(given)))
