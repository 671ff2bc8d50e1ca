"""The pages of what we change: the list, one change, and what is done about it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.actions import prevention
from incidents.models import Incident, PreventionAction, PromiseMade
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, Cast
from tests.preventing import commit, finish
from tests.views.recover.rules import SignIn, text_of

URL = "/changes/"


def soon(days: int = 10) -> dt.date:
    return (timezone.now() + days * DAY).date()


@kept_rows
def incident(cast: Cast) -> Incident:
    return make.make_incident(cast.desk, now=timezone.now())


@kept_rows
def action(cast: Cast, incident: Incident) -> PreventionAction:
    return commit(incident, cast.manager, now=timezone.now(), due_on=soon(), assignee=cast.colleague)


def done(action: PreventionAction, cast: Cast) -> PreventionAction:
    return finish(action, cast.manager, now=timezone.now())


class TestList:
    def test_by_where_it_stands(self, cast: Cast, sign_in: SignIn, action: PreventionAction) -> None:
        make_idea(action.incident, cast, "A bell at the door")
        client = sign_in(cast.colleague)
        assert action.what in text_of(client.get(URL))
        assert action.what in text_of(client.get(URL, {"view": "mine"}))
        ideas = text_of(client.get(URL, {"view": "ideas"}))
        assert "A bell at the door" in ideas
        assert action.what not in ideas
        for view, words in {"done": "Nothing to check", "checked": "Nothing checked yet", "?": action.what}.items():
            assert words in text_of(client.get(URL, {"view": view}))

    def test_nothing_of_other_places(self, cast: Cast, sign_in: SignIn, action: PreventionAction) -> None:
        client = sign_in(cast.outsider)
        for view in ("open", "elsewhere"):
            assert action.what not in text_of(client.get(URL, {"view": view}))
        prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=timezone.now())
        assert action.what not in text_of(client.get(URL))
        assert action.what in text_of(client.get(URL, {"view": "elsewhere"}))

    @pytest.mark.parametrize("many", [1, 3])
    def test_statements(self, cast: Cast, sign_in: SignIn, many: int, django_assert_max_num_queries: Any) -> None:
        for n in range(many):
            person = make.make_staff(f"P{n} Person", cast.here)
            kind = ("room", "late", "price")[n]
            happened = make.make_incident(cast.desk, now=timezone.now(), category=kind)
            commit(happened, cast.manager, now=timezone.now(), due_on=soon(), assignee=person)
        client = sign_in(cast.manager)
        with django_assert_max_num_queries(8):
            assert client.get(URL).status_code == 200


def make_idea(incident: Incident, cast: Cast, what: str) -> PreventionAction:
    return prevention.note_idea(
        incident_id=incident.pk, kind="notice", what=what, by=cast.desk, now=timezone.now(), submit_key=uuid4()
    )


class TestShow:
    def test_whoever_does_it_without_the_incident_sees_its_words_only(self, cast: Cast, sign_in: SignIn) -> None:
        secret = make.make_incident(cast.desk, now=timezone.now(), category="safety", what_happened="Quetzal")
        action = commit(secret, cast.manager, now=timezone.now(), due_on=soon(), assignee=cast.colleague)
        assert secret.customer
        page = text_of(sign_in(cast.colleague).get(action.get_absolute_url()))
        assert action.what in page
        assert "It is done" in page
        for hidden in (secret.reference, secret.customer.name, "Quetzal"):
            assert hidden not in page
        assert sign_in(cast.desk).get(action.get_absolute_url()).status_code == 404

    def test_how_often_what_few_may_know_of_happened_is_for_those_few(self, cast: Cast, sign_in: SignIn) -> None:
        secret = make.make_incident(cast.desk, now=timezone.now(), category="safety")
        action = commit(secret, cast.manager, now=timezone.now(), due_on=soon(), assignee=cast.colleague)
        done(action, cast)
        prevention.check_now(action_id=action.pk, by=cast.manager, now=timezone.now() + DAY)
        counted = "1 in as many days before, 0 since."
        assert counted in text_of(sign_in(cast.manager).get(action.get_absolute_url()))
        assert counted not in text_of(sign_in(cast.colleague).get(action.get_absolute_url()))

    def test_another_place_that_was_told_reads_no_names(
        self, cast: Cast, sign_in: SignIn, action: PreventionAction
    ) -> None:
        done(action, cast)
        prevention.tell_place(action_id=action.pk, location=cast.elsewhere, by=cast.manager, now=timezone.now())
        page = text_of(sign_in(cast.outsider).get(action.get_absolute_url()))
        assert action.what in page
        for hidden in (action.incident.reference, "Nora Novak", "It hangs beside the phone"):
            assert hidden not in page

    def test_statements(
        self, cast: Cast, sign_in: SignIn, action: PreventionAction, django_assert_max_num_queries: Any
    ) -> None:
        done(action, cast)
        for name in ("Anna", "Bea", "Cleo"):
            make.make_incident(cast.desk, now=timezone.now(), customer=make.make_customer(f"{name} Later"))
        prevention.check_now(action_id=action.pk, by=cast.manager, now=timezone.now() + DAY)
        client = sign_in(cast.manager)
        with django_assert_max_num_queries(12):
            page = text_of(client.get(action.get_absolute_url()))
        assert all(f"{name} Later" in page for name in ("Anna", "Bea", "Cleo"))
        assert "Came back" in page

    def test_a_weak_one_says_what_would_be_stronger(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        weak = commit(incident, cast.manager, now=timezone.now(), due_on=soon(), kind="training")
        page = text_of(sign_in(cast.manager).get(weak.get_absolute_url()))
        assert "Weak: it holds as long as everybody remembers it." in page
        assert "Can the step go" in page


class TestActing:
    def test_done_moved_checked(self, cast: Cast, sign_in: SignIn, action: PreventionAction) -> None:
        client, there = sign_in(cast.colleague), action.get_absolute_url()
        moved = {"due_on": soon(20).isoformat(), "assignee": cast.colleague.pk, "expected_version": action.version}
        assert client.post(f"{there}move/", moved).status_code == 302
        stale = client.post(f"{there}move/", moved | {"due_on": soon(30).isoformat()})
        assert stale.status_code == 409
        assert soon(30).isoformat() in text_of(stale)
        assert client.post(f"{there}finish/", {"evidence": " "}).status_code == 422
        assert client.post(f"{there}finish/", {"evidence": "It hangs there."}).status_code == 302
        assert client.post(f"{there}check/").status_code == 302
        action.refresh_from_db()
        assert (action.due_on, action.done_by, action.verdict) == (soon(20), cast.colleague, "too_early")
        late = sign_in(cast.manager).post(f"{there}finish/", {"evidence": "I did it."})
        assert late.status_code == 409
        assert "Somebody said meanwhile that this is done." in text_of(late)

    def test_an_idea_is_agreed_and_another_dropped(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        idea, other = make_idea(incident, cast, "A bell"), make_idea(incident, cast, "A sign")
        sent = {"what": "Two bells", "kind": "remove", "assignee": cast.desk.pk, "due_on": soon().isoformat()}
        client = sign_in(cast.manager)
        past = client.post(f"{URL}{idea.pk}/commit/", sent | {"expected_version": 0, "due_on": "2020-01-01"})
        assert past.status_code == 409
        assert "That day has passed" in text_of(past)
        assert client.post(f"{URL}{idea.pk}/commit/", sent | {"expected_version": 0}).status_code == 302
        idea.refresh_from_db()
        assert (idea.what, idea.assignee) == ("Two bells", cast.desk)
        assert sign_in(cast.desk).post(f"{URL}{other.pk}/drop/", {"reason": "Too loud"}).status_code == 302
        assert "Too loud" in text_of(client.get(f"{URL}{other.pk}/"))

    def test_another_place_is_told_or_left_out(self, cast: Cast, sign_in: SignIn, action: PreventionAction) -> None:
        client, there = sign_in(cast.manager), f"{action.get_absolute_url()}tell/"
        place = {"location": cast.elsewhere.pk}
        assert client.post(there, place | {"decide": "skip"}).status_code == 422
        assert client.post(there, place | {"decide": "skip", "reason": "No rooms"}).status_code == 302
        assert "No rooms" in text_of(client.get(action.get_absolute_url()))
        assert client.post(there, place | {"decide": "tell"}).status_code == 302
        assert client.post(there, place | {"decide": "skip", "reason": "No"}).status_code == 409
        assert client.post(there, {"location": cast.here.pk, "decide": "tell"}).status_code == 422

    def test_customers_are_promised_to_be_told_once(
        self, cast: Cast, sign_in: SignIn, action: PreventionAction
    ) -> None:
        client, there = sign_in(cast.manager), f"{action.get_absolute_url()}customers/"
        sent = {"incidents": [action.incident_id], "words": "We read it back.", "assignee": cast.manager.pk}
        sent |= {"due_on": soon().isoformat(), "submit_key": str(uuid4())}
        done(action, cast)
        assert "Promise to tell them" in text_of(client.get(action.get_absolute_url()))
        stranger = make.make_incident(cast.outsider, now=timezone.now())
        assert client.post(there, sent | {"incidents": [stranger.pk]}).status_code == 422
        for _again in range(2):
            assert client.post(there, sent).status_code == 302
        assert PromiseMade.objects.get().tells_of.action == action


class TestOnTheIncidentPage:
    def test_committed_there(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        client, there = sign_in(cast.manager), f"{incident.get_absolute_url()}prevent/"
        sent = {"what": "A checklist", "kind": "checklist", "submit_key": str(uuid4()), "decide": "commit"}
        missing = client.post(there, sent)
        assert missing.status_code == 422
        assert "Say who does it." in text_of(missing)
        assert "A checklist" in text_of(missing)
        whole = sent | {"assignee": cast.colleague.pk, "due_on": soon().isoformat()}
        for _again in range(2):
            assert client.post(there, whole).status_code == 302
        page = text_of(client.get(incident.get_absolute_url()))
        assert "What we learn" in page
        assert "What we will change: A checklist" in page
        assert PreventionAction.objects.get().assignee == cast.colleague

    def test_the_desk_notes_an_idea(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        client, there = sign_in(cast.desk), f"{incident.get_absolute_url()}prevent/"
        sent = {"what": "A bell", "kind": "notice", "submit_key": str(uuid4()), "decide": "commit"}
        assert client.post(there, sent | {"assignee": cast.desk.pk, "due_on": soon().isoformat()}).status_code == 302
        assert PreventionAction.objects.get().is_idea

    def test_strangers_and_bad_numbers(self, cast: Cast, sign_in: SignIn, action: PreventionAction) -> None:
        for act in ("finish/", "move/", "drop/", "check/"):
            there = action.get_absolute_url() + act
            assert sign_in(cast.outsider).post(there).status_code == 404
            assert sign_in(cast.desk).post(there).status_code == 403
            assert sign_in(cast.manager).get(there).status_code == 405
            assert sign_in(cast.manager).post(f"{URL}987654321/{act}").status_code == 404
        assert sign_in(cast.desk).get(f"{URL}987654321/").status_code == 404


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("finish", {"evidence": "It hangs there", "effective_on": "2099-12-31"}),
        ("move", {"due_on": "2099-12-31", "expected_version": "0"}),
    ],
)
def test_a_day_after_which_nothing_can_be_counted_is_refused_in_words(
    cast: Cast, sign_in: SignIn, action: PreventionAction, name: str, sent: dict[str, str]
) -> None:
    answer = sign_in(cast.manager).post(f"{action.get_absolute_url()}{name}/", {"assignee": cast.manager.pk} | sent)
    assert answer.status_code == 422
    assert "too far away" in answer.content.decode()
    assert "2099-12-31" in answer.content.decode()
