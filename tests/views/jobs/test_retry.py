"""Letting failed work go on."""

from __future__ import annotations

import pytest

from tests.make import NOW, Cast
from tests.views.jobs.rules import SignIn, make_job


def test_it_goes_on_from_where_it_stopped(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.manager, "failed", tries=5, last_error="ValueError")
    answer = sign_in(cast.manager).post(f"/jobs/{job.pk}/retry/", follow=True)
    assert answer.redirect_chain == [(f"/jobs/{job.pk}/", 302)]
    assert "It goes on from where it stopped." in answer.content.decode()
    job.refresh_from_db()
    assert (job.state, job.done, job.tries, job.last_error, job.finished_at) == ("pending", 5, 0, "", None)


@pytest.mark.parametrize("state", ["claimed", "done", "cancelled"])
def test_what_has_not_failed_stays_as_it_is(state: str, cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.owner, state)
    assert sign_in(cast.owner).post(f"/jobs/{job.pk}/retry/").status_code == 302
    job.refresh_from_db()
    assert job.state == state


def test_deadlines_that_were_stopped_half_way_go_on(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.manager, "cancelled", kind="reckon_clocks", cancel_asked_at=NOW)
    client = sign_in(cast.manager)
    assert f"/jobs/{job.pk}/retry/" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/retry/").status_code == 302
    job.refresh_from_db()
    assert (job.state, job.done, job.cancel_asked_at, job.finished_at) == ("pending", 5, None, None)


def test_others_and_bad_ids_are_404(cast: Cast, sign_in: SignIn) -> None:
    job = make_job(cast.owner, "failed")
    assert sign_in(cast.manager).post(f"/jobs/{job.pk}/retry/").status_code == 404
    assert sign_in(cast.owner).post("/jobs/999999999999999999999/retry/").status_code == 404


def test_looking_is_405(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.owner).get(f"/jobs/{make_job(cast.owner).pk}/retry/").status_code == 405
