"""The inbox and its bell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.actions import handovers, notify
from incidents.board import notices
from incidents.models import Incident, Notice, NoticeKind, Staff
from incidents.models.notice import OF_NO_INCIDENT
from tests import make
from tests.make import HOUR, NOW, Cast

SignIn = Callable[..., Client]


def tell(incident: Incident, to: Staff, kind: NoticeKind = NoticeKind.FOLLOW_UP_DUE, at: str = "1") -> Notice:
    notify.notify(kind=kind, incident=incident, recipients=[to], subject_id=incident.pk, occurrence=at, now=NOW)
    return Notice.objects.latest("pk")


def page(client: Client, query: str = "") -> str:
    answer = client.get("/notices/" + query)
    assert answer.status_code == 200
    return answer.content.decode()


# These are of several customers, or of the reader.
OF_NOBODY = {
    NoticeKind.VIEW_PASSED: "A view of yours: more than",
    NoticeKind.VIEW_DIGEST: "on the list of the day",
    NoticeKind.RISING: "happens more often at Harbour Hotel",
    NoticeKind.BASICS: "Back to basics at Harbour Hotel",
    NoticeKind.CHECK_IN: "How are you?",
    NoticeKind.WANTS_TO_TALK: "would like to talk",
}


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind not in OF_NO_INCIDENT])
def test_every_kind_is_a_sentence(kind: str, cast: Cast, sign_in: SignIn) -> None:
    tell(make.make_incident(cast.desk), cast.desk, NoticeKind(kind))
    assert OF_NOBODY.get(NoticeKind(kind), "Nora Novak") in page(sign_in(cast.desk))


def test_the_words_of_a_call(cast: Cast, sign_in: SignIn) -> None:
    tell(make.make_incident(cast.desk), cast.desk)
    assert "Call Nora Novak back now" in page(sign_in(cast.desk))


def test_what_is_new_this_minute_came_just_now(cast: Cast, sign_in: SignIn) -> None:
    told = tell(make.make_incident(cast.desk), cast.desk)
    for since, words in ((HOUR / 120, ">just now<"), (5 * HOUR / 60, ">5\xa0minutes ago<")):
        Notice.objects.filter(pk=told.pk).update(at=timezone.now() - since)
        assert words in page(sign_in(cast.desk))


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    for address in ("/notices/", "/notices/bell/", "/notices/1/"):
        assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_opening_reads_it_and_leads_to_the_incident(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    notice = tell(incident, cast.desk)
    answer = sign_in(cast.desk).get(f"/notices/{notice.pk}/")
    assert answer["Location"] == f"/incidents/{incident.reference}/#step-follow_up"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_anothers_notice_and_a_bad_id_are_404(cast: Cast, sign_in: SignIn) -> None:
    notice = tell(make.make_incident(cast.desk), cast.desk)
    client = sign_in(cast.colleague)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    assert client.get("/notices/999999999999999999999/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_what_is_no_longer_visible_is_gone(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    notice = tell(incident, cast.colleague)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    client = sign_in(cast.colleague)
    assert "Nora Novak" not in page(client)
    assert "Nothing new" in page(client)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    assert '"0"' in client.get("/notices/bell/")["ETag"]


def test_the_bell_answers_304_while_the_number_stands(cast: Cast, sign_in: SignIn) -> None:
    client, incident = sign_in(cast.desk), make.make_incident(cast.desk)
    tell(incident, cast.desk)
    answer = client.get("/notices/bell/")
    assert answer.status_code == 200
    assert "1 new notice" in answer.content.decode()
    assert client.get("/notices/bell/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/notices/bell/", headers={"HX-PTag": "1"}).status_code == 304
    tell(incident, cast.desk, NoticeKind.UNHAPPY)
    changed = client.get("/notices/bell/", headers={"If-None-Match": answer["ETag"], "HX-PTag": "1"})
    assert changed.status_code == 200
    assert "2 new notices" in changed.content.decode()


def test_past_99_the_bell_says_that_there_is_more(cast: Cast, sign_in: SignIn) -> None:
    client, first = sign_in(cast.desk), tell(make.make_incident(cast.desk), cast.desk)
    kept = {"kind": first.kind, "incident": first.incident, "recipient": cast.desk, "at": first.at}
    some = [Notice(**kept, subject_id=first.subject_id, occurrence=f"again/{number}") for number in range(99)]
    Notice.objects.bulk_create(some[:98])
    assert "99 new notices" in client.get("/notices/bell/").content.decode()
    Notice.objects.bulk_create(some[98:])
    bell = client.get("/notices/bell/", headers={"HX-PTag": "99"}).content.decode()
    assert 'data-poll="100"' in bell
    assert bell.count("99+") == 2
    assert "99+ new notices" in client.get("/incidents/").content.decode()


def test_mark_all_reaches_up_to_what_was_shown(cast: Cast, sign_in: SignIn) -> None:
    client, incident = sign_in(cast.desk), make.make_incident(cast.desk)
    shown = tell(incident, cast.desk)
    later = tell(incident, cast.desk, NoticeKind.UNHAPPY)
    others = tell(incident, cast.manager)
    answer = client.post("/notices/read/", {"up_to": shown.pk})
    assert answer["Location"] == "/notices/"
    assert set(Notice.objects.filter(read_at__isnull=True).values_list("pk", flat=True)) == {later.pk, others.pk}


@pytest.mark.parametrize("up_to", ["", "-1", "x", "9" * 30, "²"])
def test_mark_all_up_to_nothing_is_404(up_to: str, cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.desk).post("/notices/read/", {"up_to": up_to}).status_code == 404


def test_get_on_mark_all_and_post_elsewhere_are_405(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.desk)
    assert client.get("/notices/read/").status_code == 405
    assert client.post("/notices/").status_code == 405
    assert client.post("/notices/bell/").status_code == 405
    assert client.post("/notices/1/").status_code == 405


def test_pages_hold_every_notice_once(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "PAGE", 2)
    incident = make.make_incident(cast.desk)
    pks = [tell(incident, cast.desk, at=str(n)).pk for n in range(5)]
    client, query, seen = sign_in(cast.desk), "", []
    for _turn in range(3):
        context = client.get("/notices/" + query).context
        seen += [line.notice.pk for line in context["lines"]]
        query = context["older_url"]
    assert seen == sorted(pks, reverse=True)
    assert query == ""
    back = client.get("/notices/" + context["newer_url"]).context
    assert [line.notice.pk for line in back["lines"]] == [pks[2], pks[1]]


@pytest.mark.parametrize("query", ["?after=x", "?before=-1", "?after=" + "9" * 400, "?before=1&after=1"])
def test_a_strange_cursor_begins_again(query: str, cast: Cast, sign_in: SignIn) -> None:
    tell(make.make_incident(cast.desk), cast.desk)
    page(sign_in(cast.desk), query)


def test_an_assignment_is_a_notice(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW + HOUR)
    assert "You look after Nora Novak now" in page(sign_in(cast.colleague))


@pytest.mark.parametrize("number", [1, 3])
def test_five_statements_however_many(
    number: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in range(number):
        incident = make.make_incident(
            cast.desk, customer=make.make_customer(f"Guest {turn}"), category=["room", "late", "other"][turn]
        )
        tell(incident, cast.desk)
    client = sign_in(cast.desk)
    with django_assert_num_queries(5):
        page(client)
