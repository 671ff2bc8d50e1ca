"""How a call ended."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incidents.actions import customers
from incidents.models import Attempt, Incident
from incidents.vocabulary import CloseReason, RemedyState, Stage
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, text_of, url


@kept_rows
def incident(cast: Cast) -> Incident:
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk, "redo", what="a new key")
    return incident


def there_of(incident: Incident) -> str:
    return url("recover-follow-up", incident, make.planned_call(incident).pk)


def test_satisfied_closes_as_recovered(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "satisfied", "channel": "in_person", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(there_of(incident), asked, follow=True))
    assert "Recovered: well done." in page
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED


def test_the_lower_of_outcome_and_score_counts(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "delighted", "score": "2", "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked).status_code == 302
    incident.refresh_from_db()
    assert (incident.stage, incident.round_number) == (Stage.REMEDY, 2)


def test_unhappy_with_an_apology_in_the_call_opens_the_next_try(
    cast: Cast, sign_in: SignIn, incident: Incident
) -> None:
    asked = {"outcome": "unhappy", "has_apologized": "on", "words": "Still cold.", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(there_of(incident), asked, follow=True))
    assert "2nd try" in page
    assert "Still cold." in page
    assert incident.apologies.count() == 2


def test_not_received_puts_the_chosen_remedy_back(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    remedy = incident.remedies.get()
    asked = {"outcome": "remedy_not_received", "missing_remedy": remedy.pk, "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked).status_code == 302
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.IN_PROGRESS


def test_call_back_at_needs_a_moment_to_come(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.desk), there_of(incident)
    answer = client.post(there, {"outcome": "call_back", "call_back_at": "2026-03-04T10:00", "submit_key": uuid4()})
    assert answer.status_code == 422
    assert "Say when to call back" in text_of(answer)
    later = (timezone.now() + make.DAY).strftime("%Y-%m-%dT%H:%M")
    asked = {"outcome": "call_back", "call_back_at": later, "submit_key": uuid4()}
    assert client.post(there, asked).status_code == 302


def test_the_second_of_two_hears_it_was_made(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there = there_of(incident)
    asked = {"outcome": "satisfied", "submit_key": uuid4()}
    client = sign_in(cast.desk)
    assert client.post(there, asked).status_code == 302
    assert client.post(there, asked).status_code == 302  # back and sent again: the same one
    answer = sign_in(cast.colleague).post(
        there, {"outcome": "unhappy", "words": "Too late, she says.", "submit_key": uuid4()}
    )
    assert answer.status_code == 409
    assert "Someone has already made this call." in text_of(answer)
    assert "Too late, she says." in text_of(answer)


def test_wrong_number_marks_it_and_offers_the_other(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    assert incident.customer is not None
    old = incident.customer.contact_points.get()
    other = customers.add_contact(
        customer=incident.customer, kind="phone", value="+1 312 555 0177", country="US", now=make.NOW
    )
    asked = {"outcome": "wrong_number", "wrong_contact": old.pk, "submit_key": uuid4()}
    client = sign_in(cast.desk)
    answer = client.post(there_of(incident), asked)
    assert answer["Location"] == there_of(incident)
    page = text_of(client.get(answer["Location"]))
    assert "Try another way" in page
    assert f"tel:{other.normalized}" in page
    assert f"tel:{old.normalized}" not in page
    assert "Not theirs: +1 312 555 0100" in text_of(client.get(incident.get_absolute_url()))


def test_the_only_number_is_the_wrong_one(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    client.post(there_of(incident), {"outcome": "wrong_number", "submit_key": uuid4()})
    assert incident.customer is not None
    assert incident.customer.contact_points.get().wrong_since is not None
    assert "No number or address of theirs is known." in text_of(client.get(there_of(incident)))


def test_do_not_contact_leads_to_the_ending(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    answer = client.post(there_of(incident), {"outcome": "do_not_contact", "submit_key": uuid4()})
    assert answer["Location"] == f"{incident.get_absolute_url()}#close"
    page = text_of(client.get(incident.get_absolute_url()))
    assert "They do not want to be contacted, so no call is planned." in page
    assert "They want no contact; no call is planned" in page


def test_in_writing_needs_a_score(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.desk), there_of(incident)
    answer = client.post(there, {"outcome": "in_writing", "words": "Thanks a lot.", "submit_key": uuid4()})
    assert answer.status_code == 422
    assert "Say how they rated it in writing: 1 to 5." in text_of(answer)
    assert "Thanks a lot." in text_of(answer)
    answer = client.post(there, {"outcome": "in_writing", "score": "5", "submit_key": uuid4()})
    assert answer.status_code == 302
    incident.refresh_from_db()
    assert incident.close_reason == CloseReason.RECOVERED
    assert Attempt.objects.get().channel == "email"


def test_a_new_problem_leads_on_to_the_log(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client = sign_in(cast.desk)
    answer = client.post(there_of(incident), {"outcome": "new_problem", "submit_key": uuid4()})
    assert answer["Location"] == f"/incidents/new/?arose={incident.reference}"
    form = client.get(answer["Location"])
    assert "when we called back about" in text_of(form)
    assert form.context["form"]["customer"].value() == incident.customer_id
    told = {
        "submit_key": uuid4(),
        "what_happened": "The bill is wrong too.",
        "category": "price",
        "source": "customer",
        "customer": incident.customer_id,
        "customer_name": "Nora Novak",
        "arose": incident.reference,
    }
    assert client.post("/incidents/new/", told).status_code == 302
    other = Incident.objects.get(arose_from=incident)
    assert "Came up when we called back about" in text_of(client.get(other.get_absolute_url()))
    assert "Came up when we called back</dt>" in text_of(client.get(incident.get_absolute_url()))


@pytest.mark.parametrize("reference", ["R-1999-99999", "nonsense"])
def test_a_new_problem_of_nothing_is_404(cast: Cast, sign_in: SignIn, reference: str) -> None:
    assert sign_in(cast.desk).get("/incidents/new/", {"arose": reference}).status_code == 404
    assert sign_in(cast.desk).post("/incidents/new/", {"arose": reference}).status_code == 404


def test_a_promise_of_the_call(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    client, there = sign_in(cast.desk), there_of(incident)
    half = {"outcome": "unhappy", "promise_what": "A letter", "submit_key": uuid4()}
    assert "Say until when you promised it." in text_of(client.post(there, half))
    due = (timezone.now() + make.DAY).strftime("%Y-%m-%dT%H:%M")
    assert client.post(there, half | {"promise_due_at": due}).status_code == 302
    assert incident.promises.get().what == "A letter"


def test_bad_input(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "cheered", "words": "Hm, no.", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(there_of(incident), asked)
    assert answer.status_code == 422
    assert "Hm, no." in text_of(answer)


def test_it_goes_back_to_the_calls_but_never_elsewhere(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "no_answer", "next": "/calls/?who=everyone", "submit_key": uuid4()}
    answer = sign_in(cast.desk).post(there_of(incident), asked)
    assert answer["Location"] == "/calls/?who=everyone"
    asked = {"outcome": "no_answer", "next": "https://evil.example/", "submit_key": uuid4()}
    assert sign_in(cast.desk).post(there_of(incident), asked)["Location"] == incident.get_absolute_url()


def test_in_the_list_the_row_is_replaced(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"outcome": "satisfied", "submit_key": uuid4()}
    there = there_of(incident)
    answer = sign_in(cast.desk).post(there, asked, headers={"HX-Request": "true"})
    assert "well done" in text_of(answer)
    assert "<html" not in text_of(answer)
    again = sign_in(cast.desk).post(there, asked | {"submit_key": uuid4()}, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert "Someone has already made this call." in text_of(again)


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    there = there_of(incident)
    stranger = sign_in(cast.outsider)
    assert [stranger.get(there).status_code, stranger.post(there).status_code] == [404, 404]
    assert [Client().get(there).status_code, Client().post(there).status_code] == [302, 302]
    for wrong in (url("recover-follow-up", incident, 999_999), reverse("recover-follow-up", args=["R-1999-99999", 1])):
        assert sign_in(cast.desk).post(wrong).status_code == 404
    assert sign_in(cast.desk).put(there).status_code == 405
    restricted = make.make_incident(cast.desk, category="safety")
    make.give(restricted, cast.manager)
    call = make.planned_call(restricted)
    assert sign_in(cast.desk).post(url("recover-follow-up", restricted, call.pk)).status_code == 403
    assert reverse("call-list") == "/calls/"
