"""No text of a template escapes translation, and no template carries code or style of its own.

Every template is read as HTML with its tags taken out. What is left between the elements, and in the attributes that
people hear or see, must be empty: words stand inside {% translate %} and {% blocktranslate %}.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPOKEN = {"aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription", "label"}
# Names, key caps and examples that are the same in every language.
SAME_EVERYWHERE = {"Recovery", "Ctrl", "Enter", "Esc", "K", "Tab"}

TRANSLATED = re.compile(
    r"{%\s*(blocktranslate|blocktrans|comment|verbatim)\b.*?{%\s*end\1\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL
)


class Reader(HTMLParser):
    """Collects bare words, with their line, and code in places where a strict policy forbids it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.bare: list[tuple[int, str]] = []
        self.inline: list[tuple[int, str]] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = dict(attrs)
        for name, value in attrs:
            if name in SPOKEN and has_words(value or ""):
                self.bare.append((line, f"{name}={value}"))
            if name == "style" or name.startswith(("on", "hx-on", "hx-vals-js")):
                self.inline.append((line, name))
            if (value or "").strip().lower().startswith(("javascript:", "js:")):
                self.inline.append((line, f"{name}={value}"))
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") != "application/json"):
            self.inline.append((line, tag))
        is_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
        if is_button and has_words(given.get("value") or ""):
            self.bare.append((line, f"value={given['value']}"))
        if tag in ("script", "style", "code", "kbd", "pre"):
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within and has_words(data):
            self.bare.append((self.getpos()[0], data.strip()))


def has_words(text: str) -> bool:
    """Two letters in a row, apart from what is the same in every language."""
    left = re.findall(r"[^\W\d_]{2,}", text)
    return bool(set(left) - SAME_EVERYWHERE)


def without_tags(source: str) -> str:
    """The template with a space for each of its tags, lines kept; an element whose name is a variable stays one."""
    source = re.sub(r"{% block \w*class %}[\w -]*{% endblock %}", "", source)
    source = re.sub(r"(</?)(?:{{.*?}}|{% if [^%]*%}.*?{% endif %})", r"\1div", source)
    return TRANSLATED.sub(lambda found: " " + "\n" * found[0].count("\n"), source)


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed(without_tags(source))
    reader.close()
    return reader


def named(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_word_is_marked(path: Path) -> None:
    assert read(path.read_text("utf-8")).bare == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_code_or_style_inside(path: Path) -> None:
    source = path.read_text("utf-8")
    assert read(source).inline == []
    assert not re.search(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_blocks_are_trimmed(path: Path) -> None:
    """An untrimmed block carries the template's line ends into every translation."""
    found = re.findall(r"{%\s*blocktranslate\b[^%]*%}[^{]*\n", path.read_text("utf-8"))
    assert [block for block in found if "trimmed" not in block] == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Late by two hours</p>",
        "<p>{{ name }} is late</p>",
        '<button aria-label="Close">{% translate "x" %}</button>',
        '<input placeholder="Search {{ what }}">',
        '<img alt="Receipt">',
        '<a title="Open it">{{ reference }}</a>',
        '<input type="submit" value="Save">',
        "{% if late %}Late{% else %}{% translate 'On time' %}{% endif %}",
        "<option>All of them</option>",
        '<optgroup label="Hotels"></optgroup>',
    ],
)
def test_the_reader_sees_bare_words(template: str) -> None:
    assert read(template).bare


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Late' %}</p>",
        "<p>{% blocktranslate trimmed with n=hours %}Late by {{ n }} hours{% endblocktranslate %}</p>",
        '<button aria-label="{% translate "Close" %}">&times;</button>',
        '<input value="{{ typed }}" placeholder="{% translate \'Search\' %}">',
        "{# a remark in words #}{% comment %}and another{% endcomment %}",
        "<kbd>Ctrl</kbd> <span>{{ money }} · {{ n }}</span>",
        '<p class="lead" id="what-happened" data-open="some words">{{ words }}</p>',
    ],
)
def test_the_reader_lets_marked_words_pass(template: str) -> None:
    assert read(template).bare == []


@pytest.mark.parametrize(
    "template",
    [
        "<style>p {}</style>",
        '<p style="color: red">',
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<p hx-on:click="go()">',
    ],
)
def test_the_reader_sees_code(template: str) -> None:
    assert read(template).inline


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20
