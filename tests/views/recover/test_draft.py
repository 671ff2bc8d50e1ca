"""Words typed on an incident's page: kept on the server, offered again, gone once sent; theirs alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from incidents.actions import drafts, log
from incidents.models import Draft, Incident, Note
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk)


@pytest.fixture
def desk(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.desk)


def url(incident: Incident, form: str = "note") -> str:
    return f"/incidents/{incident.reference}/draft/{form}/"


def shown(client: Client, incident: Incident) -> str:
    return client.get(incident.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("note", {"words": "She called twice."}),
        ("apology", {"words": "She called twice.", "channel": "phone", "kind": "explanation"}),
        ("remedy", {"what": "She called twice.", "estimated_amount": "12.50", "type": "1"}),
        ("close", {"note": "She called twice."}),
        ("hand_over", {"note": "She called twice."}),
        ("promise", {"what": "She called twice."}),
    ],
)
def test_kept_and_offered_again_where_it_was_typed(
    desk: Client, incident: Incident, form: str, typed: dict[str, str]
) -> None:
    assert "She called twice." not in shown(desk, incident)
    assert desk.post(url(incident, form), typed | {"submit_key": uuid4()}).status_code == 204
    html = shown(desk, incident)
    assert "She called twice." in html
    assert "and not sent yet" in html
    assert f'formaction="{url(incident, form)}"' in html


def test_kept_for_the_page_of_the_call(desk: Client, cast: Cast, incident: Incident) -> None:
    make.settle(incident, cast.desk)
    desk.post(url(incident, "call"), {"words": "It works again, she says."})
    call = make.planned_call(incident)
    for page in (incident.get_absolute_url(), f"/incidents/{incident.reference}/call/{call.pk}/"):
        assert "It works again, she says." in desk.get(page).content.decode()


def test_never_shown_to_somebody_else(desk: Client, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    desk.post(url(incident), {"words": "She called twice."})
    for other in (cast.colleague, cast.manager, cast.owner):
        client = sign_in(other)
        assert "She called twice." not in shown(client, incident)
        client.post(url(incident), {"discard": "1"})
        client.post(f"/incidents/{incident.reference}/note/", {"words": "Mine.", "submit_key": uuid4()})
    assert "She called twice." in shown(desk, incident)


def test_nor_at_another_incident(desk: Client, cast: Cast, incident: Incident) -> None:
    desk.post(url(incident), {"words": "She called twice."})
    assert "She called twice." not in shown(desk, make.make_incident(cast.desk))


def test_gone_once_it_is_sent(desk: Client, incident: Incident) -> None:
    desk.post(url(incident), {"words": "She called twice."})
    desk.post(url(incident, "close"), {"note": "Because."})
    desk.post(f"/incidents/{incident.reference}/note/", {"words": "She called twice.", "submit_key": uuid4()})
    assert [draft.values for draft in Draft.objects.all()] == [{"note": "Because."}]


def test_what_arrives_after_its_own_submit_is_not_kept(desk: Client, incident: Incident) -> None:
    key = uuid4()
    desk.post(f"/incidents/{incident.reference}/note/", {"words": "She called twice.", "submit_key": key})
    assert desk.post(url(incident), {"words": "She called tw", "submit_key": key}).status_code == 204
    assert not Draft.objects.exists()


def test_what_arrives_while_its_own_submit_is_saved_is_not_kept(
    desk: Client, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form was sent between the last look for it and the words being kept."""
    key, keep = uuid4(), log.save_draft

    def send_meanwhile(**typed: Any) -> None:
        desk.post(f"/incidents/{incident.reference}/note/", {"words": "She called twice.", "submit_key": key})
        keep(**typed)

    monkeypatch.setattr(drafts, "save_draft", send_meanwhile)
    assert desk.post(url(incident), {"words": "She called tw", "submit_key": key}).status_code == 204
    assert Note.objects.exists()
    assert not Draft.objects.exists()


def test_a_refused_form_keeps_what_was_sent_last(desk: Client, incident: Incident) -> None:
    desk.post(url(incident, "promise"), {"what": "A call"})
    answer = desk.post(f"/incidents/{incident.reference}/promise/", {"what": "A call tomorrow", "submit_key": uuid4()})
    assert answer.status_code == 422
    assert "A call tomorrow" in answer.content.decode()
    assert Draft.objects.exists()


def test_emptied_or_thrown_away(desk: Client, incident: Incident) -> None:
    desk.post(url(incident), {"words": "She called twice."})
    desk.post(url(incident), {"words": "  "})
    assert not Draft.objects.exists()
    desk.post(url(incident), {"words": "She called twice."})
    answer = desk.post(url(incident), {"words": "She called twice.", "discard": "1"})
    assert (answer.status_code, answer["Location"]) == (302, incident.get_absolute_url())
    assert not Draft.objects.exists()


def test_after_signing_in_again_one_is_back_on_the_page(client: Client, incident: Incident) -> None:
    page = incident.get_absolute_url()
    answer = client.post(
        f"/incidents/{incident.reference}/note/", {"words": "Lost?"}, headers={"referer": f"http://testserver{page}"}
    )
    assert answer["Location"] == f"/accounts/login/?next={page}%3Fresume"
    elsewhere = client.post(f"/incidents/{incident.reference}/note/", headers={"referer": "https://example.org/x/"})
    assert elsewhere["Location"] == "/accounts/login/?next=/"


def test_a_restricted_one_is_kept_for_whoever_has_a_step(cast: Cast, sign_in: SignIn) -> None:
    secret = make.make_incident(cast.manager, category="safety")
    assert sign_in(cast.desk).post(url(secret), {"words": "x"}).status_code == 404
    assert sign_in(cast.manager).post(url(secret), {"words": "For my eyes."}).status_code == 204
    secret.concerned.add(cast.manager)
    assert sign_in(cast.manager).get(secret.get_absolute_url()).status_code == 404


def test_strangers_and_bad_names(cast: Cast, desk: Client, sign_in: SignIn, incident: Incident) -> None:
    assert sign_in(cast.outsider).post(url(incident), {"words": "x"}).status_code == 404
    assert desk.post(url(incident, "undo"), {"words": "x"}).status_code == 404
    assert desk.post("/incidents/R-1999-99999/draft/note/", {"words": "x"}).status_code == 404
    assert desk.get(url(incident)).status_code == 405


def test_unreadable_characters_and_length_do_no_harm(desk: Client, incident: Incident) -> None:
    typed = {"words": "a\x00b" + "x" * 9000, "wh\x00at": "x", **{f"field{n}": "y" for n in range(60)}}
    assert desk.post(url(incident), typed).status_code == 204
    values = Draft.objects.get().values
    assert len(values["words"]) == 4000
    assert len(values) == 40
    assert "not sent yet" in shown(desk, incident)


@pytest.mark.parametrize("key", ["nonsense", "\x00", "9" * 5000])
def test_a_bad_key_is_422(desk: Client, incident: Incident, key: str) -> None:
    assert desk.post(url(incident), {"words": "x", "submit_key": key}).status_code == 422
    assert not Draft.objects.exists()


@pytest.mark.parametrize("forms", [("note",), ("note", "apology", "close")])
def test_statements(
    desk: Client, incident: Incident, forms: tuple[str, ...], django_assert_max_num_queries: Any
) -> None:
    for form in forms:
        desk.post(url(incident, form), {"words": "x", "note": "x"})
    with django_assert_max_num_queries(6):
        shown(desk, incident)
    with django_assert_max_num_queries(10):
        desk.post(url(incident), {"words": "y"})
