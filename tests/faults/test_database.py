"""PostgreSQL stops at once, in the middle of a form and in the middle of a delivery; nobody else is restarted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from incidents.models import Draft, Incident
from tests import make
from tests.faults import invariants
from tests.faults.arena import RIGGED_SETTINGS, call_due_now, notices_of, reminder_of, the_cast
from tests.faults.cluster import Cluster
from tests.faults.test_web import NEW, STORY, kept, lands
from tests.faults.visitor import Answer, Visitor, logging_form
from tests.programs import wait_for


def stopped_over_a_form(cluster: Cluster, rig: str, **more: str) -> tuple[Visitor, dict[str, str], Answer]:
    """The answer to a form in whose middle the database went away."""
    desk = make.make_cast().desk
    site = cluster.web(RIG=rig, **more)
    visitor, form = site.visitor(desk), logging_form(STORY)
    kept(visitor, form)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(visitor.post, NEW, form)
        wait_for(lambda: cluster.mark("writing"), 20)
        cluster.stop_postgres()
        cluster.allow("go-on")
        return visitor, form, sent.result(30)


def test_stopped_in_the_middle_of_a_form(cluster: Cluster) -> None:
    visitor, form, answer = stopped_over_a_form(cluster, "pause-before-commit")
    assert answer.status == 503
    assert "Recovery is not ready yet" in answer.text
    assert STORY in answer.text, "what was typed stays on the page"
    away = visitor.get("/calls/")
    assert away.status == 503
    assert away.seconds < 5
    assert visitor.get("/health/ready").status == 503
    assert visitor.get("/health/live").status == 200

    cluster.start_postgres()
    assert Incident.objects.count() == 0
    assert Draft.objects.count() == 1
    wait_for(lambda: visitor.get("/calls/").status == 200, 10)  # without a restart of the web server
    assert STORY in visitor.get(f"{NEW}?draft={form['draft_key']}").text
    lands(visitor, form)
    assert Incident.objects.count() == 1
    cluster.all_is_well()


@pytest.mark.slow
def test_control_without_a_transaction_a_number_is_lost(cluster: Cluster) -> None:
    stopped_over_a_form(cluster, "no-transaction,pause-half-way")
    cluster.start_postgres()
    assert "references_with_gaps" in invariants.broken()


@pytest.mark.slow
def test_control_without_its_own_page_it_is_a_plain_error(cluster: Cluster) -> None:
    _visitor, _form, answer = stopped_over_a_form(
        cluster,
        "pause-before-commit,no-words-for-it",
        DJANGO_SETTINGS_MODULE=RIGGED_SETTINGS,
        SETTINGS_RIG="no-words-for-it",
    )
    assert answer.status == 500
    assert STORY not in answer.text


def one_page_after_a_quiet_restart(cluster: Cluster, **more: str) -> list[int]:
    """The statuses of the first pages, asked of both web processes."""
    desk = make.make_cast().desk
    visitor = cluster.web(**more).visitor(desk)
    for _number in range(12):
        assert visitor.get("/calls/").status == 200  # every thread holds a connection now
    cluster.stop_postgres()
    cluster.start_postgres()
    return [visitor.get("/calls/").status for _number in range(12)]


@pytest.mark.slow
def test_after_a_quiet_restart_nobody_sees_an_error(cluster: Cluster) -> None:
    assert set(one_page_after_a_quiet_restart(cluster)) == {200}


@pytest.mark.slow
def test_control_without_health_checks_somebody_sees_one(cluster: Cluster) -> None:
    statuses = one_page_after_a_quiet_restart(
        cluster, DJANGO_SETTINGS_MODULE=RIGGED_SETTINGS, SETTINGS_RIG="no-health-checks"
    )
    assert 503 in statuses or 500 in statuses


def test_stopped_in_the_middle_of_a_delivery(cluster: Cluster) -> None:
    """The loop and the worker outlive it; what was claimed is said after its lease, once."""
    cluster.mail_host()
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is held
    cluster.beat()
    cluster.worker(RIG="pause-before-notice", SEND_TIMEOUT="1")
    wait_for(lambda: cluster.mark("claimed"), 40)
    cluster.loop(SEND_TIMEOUT="1")
    cluster.stop_postgres()
    cluster.allow("go-on")
    cluster.start_postgres()
    wait_for(lambda: notices_of(call) == 1, 40)
    cluster.all_is_well()
    assert reminder_of(call).tries == 2
    later = call_due_now(the_cast())
    wait_for(lambda: notices_of(later) == 1)
    cluster.all_is_well()
    assert all(child.is_running() for child in cluster.programs.running)


@pytest.mark.slow
def test_control_without_takeover_what_was_being_said_is_never_said(cluster: Cluster) -> None:
    cluster.mail_host()
    call = call_due_now(make.make_cast())  # before anybody rings: nothing else is held
    cluster.beat()
    cluster.worker(RIG="pause-before-notice,no-takeover", SEND_TIMEOUT="1")
    wait_for(lambda: cluster.mark("claimed"), 40)
    cluster.loop(RIG="no-takeover", SEND_TIMEOUT="1")
    cluster.stop_postgres()
    cluster.allow("go-on")
    cluster.start_postgres()
    later = call_due_now(the_cast())
    wait_for(lambda: notices_of(later) == 1, 40)
    wait_for(lambda: "lease_ran_out" in invariants.broken(), 30)
    assert "due_but_not_said" in invariants.broken()
    assert notices_of(call) == 0
