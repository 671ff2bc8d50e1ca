"""Stopping long work."""

from __future__ import annotations

import pytest

from tests.make import Cast
from tests.views.jobs.rules import SignIn, make_job


def test_a_waiting_one_stops_at_once(cast: Cast, sign_in: SignIn) -> None:
    client, job = sign_in(cast.manager), make_job(cast.manager)
    for _click in range(2):
        answer = client.post(f"/jobs/{job.pk}/cancel/", follow=True)
        assert answer.redirect_chain == [(f"/jobs/{job.pk}/", 302)]
        assert "Stopped after 0 of 10" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_one_at_work_stops_after_its_piece(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.manager, "claimed")
    answer = sign_in(cast.owner).post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "It stops after the piece under way." in answer.content.decode()
    job.refresh_from_db()
    assert (job.state, job.cancel_asked_at is None) == ("claimed", False)


@pytest.mark.parametrize("state", ["done", "failed"])
def test_what_has_ended_stays_as_it_is(state: str, cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.owner, state)
    answer = sign_in(cast.owner).post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "It had ended already." in answer.content.decode()
    job.refresh_from_db()
    assert job.state == state


def test_others_and_bad_ids_are_404(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.owner)
    assert sign_in(cast.manager).post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert sign_in(cast.owner).post("/jobs/999999999999999999999/cancel/").status_code == 404
    job.refresh_from_db()
    assert job.state == "pending"


def test_looking_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(f"/jobs/{make_job(cast.owner).pk}/cancel/").status_code == 405
