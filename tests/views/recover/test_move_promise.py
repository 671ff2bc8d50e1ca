"""A promise agreed anew with the customer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import Incident, PromiseMade
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.reminding import promise
from tests.views.recover.rules import SignIn, hold, text_of, url

DUE = dt.datetime(2030, 1, 2, 16, 30, 20, 123456, tzinfo=dt.UTC)


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


@kept_rows
def made(cast: Cast, incident: Incident) -> PromiseMade:
    return promise(incident, cast.desk, DUE)


def asked(made: PromiseMade, **over: Any) -> dict[str, Any]:
    fields = {"expected_due_at": made.due_at.isoformat(), "due_at": "2030-01-05T10:00", "note": "They travel"}
    return fields | {"assignee": made.assignee_id} | over


def test_it_works_in_the_time_of_the_place(cast: Cast, sign_in: SignIn, incident: Incident, made: PromiseMade) -> None:
    page = text_of(sign_in(cast.desk).post(url("recover-move-promise", incident, made.pk), asked(made), follow=True))
    made.refresh_from_db()
    assert made.due_at == dt.datetime(2030, 1, 5, 16, 0, tzinfo=dt.UTC)
    assert "First said: Wed 2 Jan, 10:30; agreed anew since." in page
    assert "Agreed anew, until Sat 5 Jan, 10:00: Write" in page
    assert "They travel" in page


def test_what_the_page_holds_sent_as_it_is_moves_nothing(
    cast: Cast, sign_in: SignIn, incident: Incident, made: PromiseMade
) -> None:
    client = sign_in(cast.desk)
    page = text_of(client.get(f"{incident.get_absolute_url()}?open=move-{made.pk}"))
    assert made.due_at.isoformat() in page
    assert 'value="2030-01-02T10:30"' in page
    sent = asked(made, due_at="2030-01-02T10:30", assignee=cast.colleague.pk)
    assert client.post(url("recover-move-promise", incident, made.pk), sent).status_code == 302
    made.refresh_from_db()
    assert (made.due_at, made.moved_count, made.assignee) == (DUE, 0, cast.colleague)


def test_somebody_was_faster(cast: Cast, sign_in: SignIn, incident: Incident, made: PromiseMade) -> None:
    """409 with both times; sent again it is a choice."""
    first, second = sign_in(cast.desk), sign_in(cast.colleague)
    first.post(url("recover-move-promise", incident, made.pk), asked(made, due_at="2030-02-01T09:00"))
    answer = second.post(url("recover-move-promise", incident, made.pk), asked(made))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "it is due Fri 1 Feb, 09:00 now" in page
    assert 'value="2030-01-05T10:00"' in page
    made.refresh_from_db()
    assert made.due_at == dt.datetime(2030, 2, 1, 15, 0, tzinfo=dt.UTC)
    again = asked(made)
    assert again["expected_due_at"] in page
    assert second.post(url("recover-move-promise", incident, made.pk), again).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"due_at": "2020-01-01T10:00"}, {"due_at": "soon"}, {"due_at": ""}, {"expected_due_at": ""}]
)
def test_bad_input_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, incident: Incident, made: PromiseMade, wrong: dict[str, str]
) -> None:
    sent = asked(made, note="They travel until Friday") | wrong
    answer = sign_in(cast.desk).post(url("recover-move-promise", incident, made.pk), sent)
    assert answer.status_code == 422
    assert "They travel until Friday" in text_of(answer)


def test_kept_late_broken_and_late_say_so(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    now = timezone.now()
    late = promise(incident, cast.desk, now - make.DAY)
    broken = promise(incident, cast.desk, now - make.DAY)
    client = sign_in(cast.desk)
    client.post(url("recover-settle-promise", incident, late.pk), {"kept": "yes"})
    client.post(url("recover-settle-promise", incident, broken.pk), {"kept": "no", "note": "We forgot"})
    promise(incident, cast.desk, now - 2 * make.HOUR)
    page = text_of(client.get(incident.get_absolute_url()))
    assert "Kept 1 day late" in page
    assert "We forgot" in page
    assert "Promises broken" in page
    assert "Late by 2\N{NO-BREAK SPACE}hours" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    sign_in: SignIn,
    incident: Incident,
    number: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _promise in range(number):
        promise(incident, cast.desk, DUE)
    client = sign_in(cast.desk)
    client.get(incident.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(incident.get_absolute_url())


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, made: PromiseMade) -> None:
    hold(cast, sign_in, "recover-move-promise", incident, made.pk)
    restricted = make.make_incident(cast.desk, category="safety")
    other = promise(restricted, cast.manager, DUE)
    answer = sign_in(cast.desk).post(url("recover-move-promise", restricted, other.pk), asked(other))
    assert answer.status_code == 403
