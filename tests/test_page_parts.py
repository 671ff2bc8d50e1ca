"""What the incident page makes without a template says what Django's templates would, and is made when shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from incidents import story
from incidents.models import Incident, Remedy, RemedyType, Staff
from incidents.models.values import date_words
from incidents.story import RemedyView
from incidents.views.recover import page
from incidents.vocabulary import RemedyState
from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, url

AT = dt.datetime(2026, 3, 4, 23, 30, 59, tzinfo=dt.UTC)
ZONES = ("Europe/Berlin", "America/New_York", "UTC")
# As the card's template had them.
AS_BEFORE = """<div class="row-main"><p><span class="strong">{{ remedy.type.label }}</span>{% if remedy.what %}: \
{{ remedy.what }}{% endif %}</p>{% if remedy.actual_amount is not None %}{% include "components/_money.html" with \
amount=remedy.actual_amount currency=remedy.currency %}{% elif remedy.estimated_amount is not None %}\
<span class="muted">about {% include "components/_money.html" with amount=remedy.estimated_amount \
currency=remedy.currency %}</span>{% endif %}</div>
  <p class="muted small cluster cluster-l"><span>{% if remedy.declined_as %}{{ remedy.get_declined_as_display }}\
{% else %}{{ remedy.get_state_display }}{% endif %}{% if remedy.delivered_at %} \
<time datetime="{{ remedy.delivered_at|date:'Y-m-d\\TH:i:sO' }}">{{ remedy.delivered_at|date:"D j M, H:i" }}</time>\
{% endif %}</span>{% if remedy.done_by %}<span>{{ remedy.done_by }}</span>{% endif %}{% if view.due %}\
<span class="clock{% if view.is_late %} is-late{% endif %}">{{ view.due }}</span>{% endif %}{% if remedy.minutes %}\
<span>{{ remedy.minutes }} minute{{ remedy.minutes|pluralize }}</span>{% endif %}\
{% if remedy.actual_amount is not None and remedy.estimated_amount is not None \
and remedy.actual_amount != remedy.estimated_amount %}<span>thought to be {% include "components/_money.html" with \
amount=remedy.estimated_amount currency=remedy.currency %}</span>{% endif %}{% if view.is_replaced %}\
<span>Something else took its place</span>{% endif %}</p>"""


def made(source: str, **context: Any) -> str:
    return str(Template(source).render(Context(context)))


def tidy(html: str) -> str:
    return html.replace("\n</", "</").replace("</span>\n", "</span>")


@pytest.mark.parametrize("zone", [*ZONES, *reversed(ZONES)])
def test_an_instant_is_told_by_the_clock_of_each_zone(zone: str) -> None:
    with timezone.override(zone):
        assert made("{% load parts %}{% moment at %}", at=AT) == made(
            """<time datetime="{{ at|date:'Y-m-d\\TH:i:sO' }}">{{ at|date:"D j M, H:i" }}</time>""", at=AT
        )
        assert made("{% load parts %}{% short_moment at %}", at=AT) == made('{{ at|date:"D j M, H:i" }}', at=AT)


def test_a_day_is_not_its_midnight() -> None:
    day = dt.date(2026, 3, 4)
    midnight = dt.datetime(2026, 3, 4)  # noqa: DTZ001  a wall clock's
    assert [date_words(one, "D j M, H:i" if one is midnight else "D j M", "en") for one in (day, midnight, day)] == [
        "Wed 4 Mar",
        "Wed 4 Mar, 00:00",
        "Wed 4 Mar",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"what": "<b>cake</b> & tea"},
        {"estimated_amount": Decimal("1234.5")},
        {"actual_amount": Decimal(0), "estimated_amount": Decimal(20)},
        {"actual_amount": Decimal("20.00"), "estimated_amount": Decimal(20)},
        {"delivered_at": AT, "state": RemedyState.DELIVERED, "minutes": 1},
        {"minutes": 1200, "declined_as": "not_enough", "state": RemedyState.DECLINED},
    ],
    ids=str,
)
@pytest.mark.parametrize(("due", "is_late", "is_replaced"), [("", False, False), ("Late by <1 hour", True, True)])
def test_a_remedy_is_told_as_its_template_told_it(
    facts: dict[str, Any], due: str, is_late: bool, is_replaced: bool
) -> None:
    given = {"state": RemedyState.OFFERED, "currency": "EUR", "done_by_name": "the <bakery>"} | facts
    remedy = Remedy(type=RemedyType(name="Redo or replace"), **given)
    view = RemedyView(remedy, is_replaced, (), due=due, is_late=is_late)
    with timezone.override("Europe/Berlin"):
        found = made("{% load remedies %}{% remedy_lines view %}", view=view)
        assert tidy(found) == tidy(made(AS_BEFORE, view=view, remedy=remedy))


@pytest.mark.django_db
def test_what_lies_in_closed_folds_is_not_reckoned(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may be given and how it may end: their forms are on no page that did not ask for them."""
    incident = make.make_incident(cast.desk, now=timezone.now())
    asked: list[str] = []
    whole = {name: getattr(page, name) for name in ("told_of_types", "_endings")}

    def noted(name: str) -> Callable[[story.Story], Any]:
        def reckon(told: story.Story) -> Any:
            asked.append(name)
            return whole[name](told)

        return reckon

    for name in whole:
        monkeypatch.setattr(page, name, noted(name))
    make.limit(cast.desk)
    client = sign_in(cast.desk)
    client.get(url("recover-show", incident))
    assert asked == []
    opened = client.get(url("recover-show", incident), {"open": ["remedy", "close"]})
    assert sorted(asked) == ["_endings", "told_of_types"]
    assert "data-left" in opened.content.decode()
    assert "Recovered" in opened.content.decode()


@pytest.mark.django_db
def test_help_is_made_when_it_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    incident: Incident = make.make_incident(cast.desk, now=timezone.now())
    staff: Staff = cast.desk
    told = story.tell(story.find_incident(staff, incident.reference), staff, timezone.now())

    def nobody(*_args: Any) -> None:
        raise AssertionError("nobody asked what to think about")

    monkeypatch.setattr("incidents.story.heard.cautions", nobody)
    help_ = story.Help(told)
    assert not help_.is_explaining
    assert not help_.invites_manager
    assert help_.findings == ()
    assert len(help_.checklist) == 6
