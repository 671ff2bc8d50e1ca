"""{% translate %}, {% url %} and {% include %} say what Django's say, and look it up once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from incidents.templatetags.i18n import FixedText
from incidents.templatetags.quick import Address, Include


def made(source: str, **context: Any) -> str:
    return str(Template(source).render(Context(context)))


def only(source: str) -> Any:
    """The node of a template that is nothing but one tag."""
    return Template(source).nodelist[-1]


@pytest.mark.parametrize(
    ("args", "view"),
    [
        ([], "log-new"),
        (["R-2026-00007"], "recover-show"),
        (["R-2026-00007", 12], "recover-offer"),
        ([12], "customer-show"),
        (["R-2026-00007", "note"], "recover-draft"),
    ],
)
def test_an_address_is_the_one_that_django_finds(view: str, args: list[Any]) -> None:
    names = {f"arg{number}": arg for number, arg in enumerate(args)}
    for _turn in range(2):
        assert made(f"{{% url '{view}' {' '.join(names)} %}}", **names) == reverse(view, args=args)
        assert made(f"{{% url '{view}' {' '.join(names)} as it %}}<{{{{ it }}}}>", **names) == (
            f"<{reverse(view, args=args)}>"
        )


def test_another_incident_has_another_address() -> None:
    one, other = (made("{% url 'recover-show' it %}", it=it) for it in ("R-2026-00001", "R-2025-00002"))
    assert (one, other) == ("/incidents/R-2026-00001/", "/incidents/R-2025-00002/")


@pytest.mark.parametrize("it", ["R-2026-1", "<b>", -1, None, 2.5])
def test_what_is_no_address_is_none(it: object) -> None:
    with pytest.raises(NoReverseMatch):
        made("{% url 'recover-show' it %}", it=it)
    assert made("{% url 'recover-show' it as found %}<{{ found }}>", it=it) == "<>"


def test_nor_is_a_view_that_there_is_not() -> None:
    with pytest.raises(NoReverseMatch):
        made("{% url 'nowhere' %}")
    assert made("{% url 'nowhere' as found %}<{{ found }}>") == "<>"


def test_what_only_django_knows_is_left_to_it() -> None:
    assert type(only("{% url 'log-new' %}")) is Address
    assert type(only("{% url which %}")) is not Address
    assert type(only("{% url 'admin:index' %}")) is not Address
    assert made("{% url which %}", which="log-new") == "/incidents/new/"


@pytest.fixture
def many_languages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that began with more than one; Django chooses how to look up when it is first asked."""
    settings.USE_I18N = True
    chosen: Any = vars(translation)["_trans"]
    monkeypatch.setattr(translation, "_trans", type(chosen)())


def test_with_one_language_nothing_is_looked_up(settings: Any) -> None:
    assert settings.USE_I18N is False, settings.LANGUAGES
    with translation.override("de"):
        assert made("{% load i18n %}{% translate 'Monday' %}") == "Monday"


@pytest.mark.usefixtures("many_languages")
def test_a_text_is_that_of_the_language() -> None:
    template = Template("{% load i18n %}{% translate 'Monday' %}")
    for language, word in (("en", "Monday"), ("de", "Montag"), ("fr", "lundi"), ("de", "Montag")):
        with translation.override(language):
            assert template.render(Context()) == word


def test_a_text_is_escaped_as_before() -> None:
    assert made("{% load i18n %}{% translate '100% <b>sure</b>' %}") == "100% <b>sure</b>"
    assert made("{% load i18n %}{% translate said %}", said="<b>") == "&lt;b&gt;"


@pytest.mark.usefixtures("many_languages")
def test_what_is_not_fixed_is_looked_up_each_time() -> None:
    assert type(only("{% load i18n %}{% translate 'Monday' %}")) is FixedText
    others = ("said", "'Monday'|upper", "'May' context 'abbrev. month'", "'Monday' as day", "'Monday' noop")
    for each in others[:4]:
        assert type(only(f"{{% load i18n %}}{{% translate {each} %}}")) is TranslateNode
    with translation.override("de"):
        assert made("{% load i18n %}{% translate 'Monday' as day %}{{ day }}") == "Montag"
        assert made("{% load i18n %}{% translate 'Monday' noop %}") == "Monday"


WAYS = [
    {
        "url": f"/{number}/",
        "current": number == 1,
        "key": "n" if number == 0 else "",
        "icon": "plus-lg",
        "label": f"Way <{number}>",
        "short": "Short" if number == 0 else "",
        "count": 12 if number == 2 else 0,
    }
    for number in range(6)
]


def test_the_ways_of_the_bars() -> None:
    above = made("{% load frame %}{% ways nav %}", nav=WAYS)
    below = made("{% load frame %}{% ways_below nav %}", nav=WAYS)
    assert [bar.count("<a ") for bar in (above, below)] == [6, 5]
    for bar in (above, below):
        assert bar.count(' aria-current="page"') == 1
        assert '<a href="/1/" aria-current="page">' in bar
        assert "Way &lt;3&gt;" in bar
        assert bar.count('<span class="count">12</span>') == 1
    assert '<a href="/0/" data-key="n">' in above
    assert above.count("data-key") == 1
    assert "<span>Short</span>" in below
    assert "data-key" not in below


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/Berlin"])
def test_this_minute_is_what_django_says_it_is(zone: str) -> None:
    with timezone.override(zone):
        before = made('{% now "SHORT_DATETIME_FORMAT" %}')
        said = made("{% load frame %}{% this_minute %}")
        assert said in (before, made('{% now "SHORT_DATETIME_FORMAT" %}'))


def test_the_bell_in_the_bar_says_its_number() -> None:
    tag = '{% load fixed %}{% fixed "components/_bell.html" notice_count=number|add:0 is_untraced=quiet %}'
    for number in (0, 3, 7, 3):
        said = made(tag, number=SimpleLazyObject(partial(int, number)))
        assert f'data-poll="{number}"' in said
        assert (">3</span>" in said) is (number == 3)
    assert "data-poll" not in made(tag, number=3, quiet=True)


def engine(tag: str, **templates: str) -> Engine:
    """With our own {% include %} or with Django's."""
    builtins = ["incidents.templatetags.quick"] if tag == "ours" else []
    loaders = [("django.template.loaders.locmem.Loader", {f"{name}.html": text for name, text in templates.items()})]
    return Engine(loaders=loaders, builtins=builtins)


PARTS = {
    "part": "<{{ a }}{{ b }}{% firstof c 'none' %}>",
    "with": "{% include 'part.html' with a=b|upper c=3 %}{{ a }}{{ c }}",
    "only": "{% include 'part.html' with c=a only %}{{ a }}",
    "many": "{% for a in all %}{% include 'part.html' %}{% endfor %}{{ a }}",
    "deep": "{% include 'with.html' with b='x' %}{% include './only.html' %}{{ b }}",
    "named": "{% include which %}{% include which|default:'part.html' %}",
    "framed": "{% include 'child.html' %}|{% block in %}outer{% endblock %}",
    "frame": "[{% block in %}frame{% endblock %}]",
    "child": "{% extends 'frame.html' %}{% block in %}{{ block.super }} child{% endblock %}",
    "cycled": "{% for one in all %}{% include 'turn.html' %}{% endfor %}",
    "turn": "{% cycle 'odd' 'even' %}{% ifchanged one %}!{% endifchanged %}",
}


@pytest.mark.parametrize("name", ["with", "only", "many", "deep", "named", "framed", "cycled"])
def test_a_part_is_what_django_includes(name: str) -> None:
    known = {"a": "<a>", "b": "b", "all": [1, 2, 2], "which": "part.html"}
    ours, theirs = (engine(which, **PARTS).get_template(f"{name}.html") for which in ("ours", "theirs"))
    for _turn in range(2):
        assert ours.render(Context(known)) == theirs.render(Context(known)) != ""


def test_what_a_part_is_given_is_gone_after_it_even_where_it_fails() -> None:
    class Broken:
        @property
        def said(self) -> str:
            raise LookupError("on purpose")

    whole = engine("ours", part="{{ it.said }}").from_string("{% include 'part.html' with given=1 %}")
    context = Context({"it": Broken()})
    with context.bind_template(whole):
        before = len(context.dicts), len(context.render_context.dicts)
        with pytest.raises(LookupError):
            whole.nodelist.render(context)
        assert (len(context.dicts), len(context.render_context.dicts)) == before
        assert "given" not in context
        assert context.render_context.template is None


def test_a_named_part_is_looked_for_once() -> None:
    ours = engine("ours", **PARTS)
    whole = ours.get_template("with.html")
    whole.render(Context())
    node: Any = whole.nodelist[0]
    assert type(node) is Include
    found = node.found
    assert found is not None
    assert whole.render(Context({"b": "x"})).startswith("<Xx3>")
    assert node.found is found
    assert type(only("{% include which %}")) is not Include


def test_a_part_that_there_is_not() -> None:
    with pytest.raises(TemplateDoesNotExist):
        engine("ours").from_string("{% include 'nowhere.html' %}").render(Context())
