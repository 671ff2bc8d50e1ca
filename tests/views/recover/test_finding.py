"""Whose fault it was: a manager says so in one tap, and the first step asks for something else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.models import Apology, Incident
from incidents.vocabulary import Finding, Stage
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

EXPLAIN = "Nobody has told the customer yet that we are sorry it happened, and how it came about."


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


def find(cast: Cast, sign_in: SignIn, incident: Incident, finding: str) -> str:
    answer = sign_in(cast.manager).post(url("recover-finding", incident), {"finding": finding}, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


def test_not_our_fault_asks_for_an_explanation(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    page = find(cast, sign_in, incident, "not_ours")
    assert "Noted: Not our fault." in page
    assert EXPLAIN in page
    assert "Say you are sorry it happened, and explain" in page
    assert "What helps when you explain" in page
    assert "Record the apology" not in page
    assert "Nobody has explained it to them yet." in page


def test_the_form_says_which_by_itself(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.find(incident, cast.manager, Finding.NOT_OURS)
    page = text_of(sign_in(cast.desk).get(url("recover-show", incident)))
    assert '<input type="hidden" name="kind" value="explanation"' in page
    asked = {"channel": "phone", "kind": "explanation", "words": "The road was closed.", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(url("recover-apologize", incident), asked, follow=True))
    assert "Explanation recorded." in page
    assert "Dora Desk explained it to Nora Novak by phone" in page
    assert "explained how it came about, by phone." in page
    incident.refresh_from_db()
    assert (incident.apologies.get().kind, incident.stage) == ("explanation", Stage.REMEDY)


def test_an_apology_counts_too(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.find(incident, cast.manager, Finding.NOT_OURS)
    make.apologize(incident, cast.desk, now=timezone.now())
    incident.refresh_from_db()
    assert incident.stage == Stage.REMEDY


def test_our_fault_after_all_asks_for_an_apology_again(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    make.find(incident, cast.manager, Finding.NOT_OURS)
    make.apologize(incident, cast.desk, now=timezone.now(), kind="explanation")
    page = find(cast, sign_in, incident, "ours")
    assert "Nobody has apologized to the customer yet." in page
    assert "Record the apology" in page
    incident.refresh_from_db()
    assert incident.stage == Stage.APOLOGIZE


def test_an_explanation_of_what_was_our_fault_does_not_count(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    """The finding changed while the form was open."""
    asked = {"channel": "phone", "kind": "explanation", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(url("recover-apologize", incident), asked, follow=True))
    assert "Nobody has apologized to the customer yet." in page
    assert Apology.objects.get().kind == "explanation"


def test_a_public_reply_is_not_enough(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    asked = {"channel": "public", "submit_key": uuid4()}
    page = text_of(sign_in(cast.desk).post(url("recover-apologize", incident), asked, follow=True))
    assert "A public reply is not enough. Say it to the customer too." in page
    incident.refresh_from_db()
    assert incident.stage == Stage.APOLOGIZE


def test_only_managers_are_asked(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    for staff, is_asked in ((cast.desk, False), (cast.manager, True), (cast.owner, True)):
        assert ("Whose fault was it?" in text_of(sign_in(staff).get(url("recover-show", incident)))) is is_asked
    assert sign_in(cast.desk).post(url("recover-finding", incident), {"finding": "ours"}).status_code == 403
    incident.refresh_from_db()
    assert incident.finding == Finding.UNDETERMINED


@pytest.mark.parametrize("finding", ["", "theirs", "x" * 5000])
def test_bad_input(cast: Cast, sign_in: SignIn, incident: Incident, finding: str) -> None:
    answer = sign_in(cast.manager).post(url("recover-finding", incident), {"finding": finding})
    assert answer.status_code == 422
    assert "Say whose fault it was." in text_of(answer)


def test_a_closed_one_may_be_found_out_later(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    make.call(make.settle(incident, cast.desk), cast.desk)
    assert "Noted: Our fault." in find(cast, sign_in, incident, "ours")


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    hold(cast, sign_in, "recover-finding", incident)


class TestCritical:
    INVITATION = "they should hear it from a manager too"

    def page(self, cast: Cast, sign_in: SignIn, incident: Incident) -> str:
        return text_of(sign_in(cast.manager).get(url("recover-show", incident)))

    def test_the_manager_is_invited_once_somebody_has_apologized(self, cast: Cast, sign_in: SignIn) -> None:
        incident = make.make_incident(cast.desk, severity=1, now=timezone.now())
        assert self.INVITATION not in self.page(cast, sign_in, incident)
        make.apologize(incident, cast.desk, now=timezone.now())
        incident.refresh_from_db()
        assert incident.stage == Stage.REMEDY  # anyone's apology counts
        assert self.INVITATION in self.page(cast, sign_in, incident)
        assert self.INVITATION not in text_of(sign_in(cast.desk).get(url("recover-show", incident)))
        make.apologize(incident, cast.manager, now=timezone.now())
        assert self.INVITATION not in self.page(cast, sign_in, incident)

    def test_of_others_nobody_is_invited(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        make.apologize(incident, cast.desk, now=timezone.now())
        assert self.INVITATION not in self.page(cast, sign_in, incident)
