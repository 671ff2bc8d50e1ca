"""Rows of the incident page that come by the dozen, made without a template each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.forms.markup import NOTHING, fill, fill_each
from incidents.templatetags.parts import icon

if TYPE_CHECKING:
    from incidents.story.facts import Fact
    from incidents.story.timeline import Entry
    from incidents.story.walk import Line

register = template.Library()


@register.simple_tag
def events(entries: Iterable[Entry]) -> SafeString:
    """Each as components/_event.html has it."""
    return fill_each(
        "\n",
        '<li class="event">{}<p class="event-title">{}</p> <p class="event-by">{}{}</p>{}</li>',
        (
            (icon(entry.icon), entry.title, f"{entry.who} · " if entry.who else "", entry.words_when, _words(entry))
            for entry in entries
        ),
    )


def _words(entry: Entry) -> SafeString:
    if not entry.text:
        return NOTHING
    return fill(' <p class="event-body{}">{}</p>', " quote" if entry.is_quote else "", entry.text)


@register.simple_tag
def step_lines(lines: Iterable[Line]) -> SafeString:
    """What was done for a step, with the words that were said."""
    return fill_each(
        "",
        '<p class="step-line">{}{}</p>{}',
        (
            (
                line.words,
                f" · {line.when}" if line.when else "",
                fill('<p class="quote muted mb-2">{}</p>', line.quote) if line.quote else "",
            )
            for line in lines
        ),
    )


@register.simple_tag
def fact_rows(facts: Iterable[Fact]) -> SafeString:
    """What is known, each with its note."""
    return fill_each(
        "",
        '<div class="fact"><dt>{}</dt><dd>{}{}{}</dd></div>',
        ((fact.label, fact.value, _note(fact.note), _private() if fact.is_private else NOTHING) for fact in facts),
    )


def _note(words: str) -> SafeString:
    return fill('<br><span class="muted small">{}</span>', words) if words else NOTHING


def _private() -> SafeString:
    return _note(fill("{} {}", icon("lock"), _("Managers only")))
