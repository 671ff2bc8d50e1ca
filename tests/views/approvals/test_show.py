"""One question at its own address."""

from __future__ import annotations

from django.utils import timezone

from incidents.actions import money
from tests.make import Cast
from tests.views.approvals.questions import ask, there
from tests.views.recover.rules import SignIn, text_of


def test_it_shows_what_it_is_about(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    page = text_of(sign_in(cast.manager).get(there("show", asked)))
    assert "Full or part refund: last night" in page
    assert 'data-key="a"' in page
    assert asked.incident.reference in page


def test_who_asked_does_not_decide(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.desk).get(there("show", ask(cast))))
    assert "You asked, so somebody else decides." in page
    assert 'data-key="a"' not in page


def test_it_shows_how_it_was_answered(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    money.decide(request_id=asked.pk, is_approved=True, by=cast.manager, now=timezone.now())
    page = text_of(sign_in(cast.desk).get(there("show", asked)))
    assert "Mona Manager said yes" in page
    assert 'data-key="a"' not in page


def test_strangers_and_bad_numbers_are_404(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast)
    assert sign_in(cast.outsider).get(there("show", asked)).status_code == 404
    assert sign_in(cast.manager).get("/approvals/999999/").status_code == 404
    assert sign_in(cast.manager).post(there("show", asked)).status_code == 405


def test_of_a_restricted_one_the_logger_sees_only_what_they_asked(cast: Cast, sign_in: SignIn) -> None:
    asked = ask(cast, by=cast.desk, name="Vera Hurt", category="safety")
    page = text_of(sign_in(cast.desk).get(there("show", asked)))
    assert "last night" in page
    assert "The shower stayed cold" not in page
    assert sign_in(cast.colleague).get(there("show", asked)).status_code == 404
    asked.incident.logged_by = cast.colleague
    asked.incident.save(update_fields=["logged_by"])
    assert sign_in(cast.colleague).get(there("show", asked)).status_code == 404
