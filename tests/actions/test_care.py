""" "How are you?": who is asked, once, and by what; whom they tell."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.access import Role
from incidents.actions import care, handovers, rounds
from incidents.actions.refusals import NotYours, Refused
from incidents.models import CheckIn, Concern, Event, Incident, Notice, Outbox, Staff
from incidents.vocabulary import CloseReason
from tests import make
from tests.kept import kept_rows
from tests.make import HOUR, NOW, Cast


@kept_rows
def grave(cast: Cast) -> Incident:
    """Logged at the desk, with the colleague."""
    incident = make.make_incident(cast.desk, severity=2)
    handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=NOW)
    return make.fresh(incident)


def asked(incident: Incident) -> set[Staff]:
    """Whoever has a line about it: the same people who have a page."""
    told = {n.recipient for n in Notice.objects.filter(incident=incident, kind="check_in").select_related("recipient")}
    assert told == {c.staff for c in CheckIn.objects.filter(incident=incident).select_related("staff")}
    return told


def end(incident: Incident, by: Staff, reason: str = "withdrawn") -> None:
    make.close(incident, by, reason)


def test_whoever_has_it_and_whoever_logged_it_are_asked(cast: Cast, grave: Incident) -> None:
    end(grave, cast.manager)
    assert asked(grave) == {cast.desk, cast.colleague}
    assert {(each.reason, each.asked_by) for each in CheckIn.objects.all()} == {("grave", None)}


def test_one_person_who_is_both_is_asked_once(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, severity=1)
    end(incident, cast.manager)
    assert asked(incident) == {cast.desk}


@pytest.mark.parametrize("severity", [3, 4])
def test_after_something_small_nobody_is(cast: Cast, severity: int) -> None:
    incident = make.make_incident(cast.desk, severity=severity)
    end(incident, cast.manager)
    assert asked(incident) == set()


def test_nor_after_what_never_was_one(cast: Cast, grave: Incident) -> None:
    end(grave, cast.manager, "void")
    assert asked(grave) == set()


def test_recovered_counts_too(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, severity=2)
    make.settle(incident, cast.desk)
    make.call(incident, cast.desk)
    assert asked(incident) == {cast.desk}


def test_once_for_good(cast: Cast, grave: Incident) -> None:
    end(grave, cast.manager)
    rounds.go_back(incident_id=grave.pk, reason="second_thought", by=cast.manager, now=NOW)
    end(grave, cast.manager)
    assert Notice.objects.filter(kind="check_in").count() == CheckIn.objects.count() == 2


def test_not_those_who_do_not_want_to_be(cast: Cast, grave: Incident) -> None:
    care.set_check_ins(staff=cast.desk, wants=False)
    end(grave, cast.manager)
    assert asked(grave) == {cast.colleague}


def test_not_those_who_left_or_may_not_know(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    Concern.objects.create(incident=incident, staff=cast.desk)
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.colleague)
    Staff.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    end(incident, cast.manager)
    assert asked(incident) == set()


def test_whoever_logged_what_is_restricted_is_asked(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    Incident.objects.filter(pk=incident.pk).update(assignee=cast.manager)
    end(make.fresh(incident), cast.manager)
    assert asked(incident) == {cast.desk, cast.manager}


def test_abuse_is_for_oneself(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    first = care.note_abuse(incident_id=incident.pk, by=cast.colleague, now=NOW)
    assert care.note_abuse(incident_id=incident.pk, by=cast.colleague, now=NOW) == first
    assert (first.staff, first.reason, first.asked_by) == (cast.colleague, "abuse", None)
    assert not Notice.objects.filter(kind="check_in").exists()


def think(cast: Cast, incident: Incident, to: Staff, by: Staff | None = None) -> None:
    care.think_of(incident_id=incident.pk, to=to, by=by or cast.manager, now=NOW)


def test_a_manager_thinks_of_somebody(cast: Cast) -> None:
    incident = make.make_incident(cast.desk)
    think(cast, incident, cast.colleague)
    think(cast, incident, cast.colleague)
    assert asked(incident) == {cast.colleague}
    assert CheckIn.objects.get().asked_by == cast.manager


def test_a_desk_does_not(cast: Cast) -> None:
    with pytest.raises(NotYours):
        think(cast, make.make_incident(cast.desk), cast.colleague, by=cast.desk)


def test_the_manager_cannot_tell_who_does_not_want_it(cast: Cast) -> None:
    """Asked before, unwilling or willing: it looks the same."""
    incident = make.make_incident(cast.desk)
    care.set_check_ins(staff=cast.colleague, wants=False)
    assert think(cast, incident, cast.colleague) is None  # type: ignore[func-returns-value]
    assert asked(incident) == set()


@pytest.mark.parametrize("who", ["outsider", "concerned", "desk"])
def test_only_of_those_who_may_know(cast: Cast, who: str) -> None:
    incident = make.make_incident(cast.manager, category="safety")
    concerned = make.make_staff("Carl Concerned", cast.here)
    Concern.objects.create(incident=incident, staff=concerned)
    with pytest.raises(Refused, match="They may not know"):
        think(cast, incident, concerned if who == "concerned" else getattr(cast, who))
    assert asked(incident) == set()


def answer(check_in: CheckIn, what: str, talk_to: Staff | None = None) -> CheckIn:
    care.answer_check_in(check_in_id=check_in.pk, answer=what, by=check_in.staff, now=NOW + HOUR, talk_to=talk_to)
    check_in.refresh_from_db()
    return check_in


@kept_rows
def mine(cast: Cast, grave: Incident) -> CheckIn:
    """The desk's."""
    end(grave, cast.manager)
    return CheckIn.objects.get(staff=cast.desk)


def test_fine_tells_nobody(cast: Cast, mine: CheckIn) -> None:
    before = Notice.objects.count()
    done = answer(mine, "fine", talk_to=cast.manager)
    assert (done.answer, done.answered_at, done.talk_to) == ("fine", NOW + HOUR, None)
    assert Notice.objects.count() == before
    assert Notice.objects.get(recipient=cast.desk, kind="check_in").read_at == NOW + HOUR


def test_whom_they_choose_hears_of_it_and_nobody_else(cast: Cast, mine: CheckIn) -> None:
    answer(mine, "talk", cast.manager)
    told = Notice.objects.get(kind="wants_to_talk")
    assert (told.recipient, told.subject_id) == (cast.manager, mine.pk)


def test_with_a_change_of_mind_the_line_goes(cast: Cast, mine: CheckIn) -> None:
    answer(mine, "talk", cast.manager)
    answer(mine, "talk", cast.colleague)
    assert Notice.objects.get(kind="wants_to_talk").recipient == cast.colleague
    answer(mine, "not_now")
    assert not Notice.objects.filter(kind="wants_to_talk").exists()
    assert mine.talk_to is None


def test_only_their_own(cast: Cast, mine: CheckIn) -> None:
    for person in (cast.manager, cast.owner, cast.colleague):
        with pytest.raises(CheckIn.DoesNotExist):
            care.answer_check_in(check_in_id=mine.pk, answer="fine", by=person, now=NOW)


@pytest.mark.parametrize("who", ["nobody", "self", "outsider", "left"])
def test_whom_one_cannot_talk_to(cast: Cast, mine: CheckIn, who: str) -> None:
    left = make.make_staff("Lea Left", cast.here, is_active=False)
    people: dict[str, Any] = {"nobody": None, "self": cast.desk, "outsider": cast.outsider, "left": left}
    with pytest.raises(Refused):
        answer(mine, "talk", people[who])
    mine.refresh_from_db()
    assert mine.answer == ""


def test_of_a_restricted_one_only_with_those_who_may_know(cast: Cast) -> None:
    incident = make.make_incident(cast.desk, category="safety")
    boss, other = (make.make_staff(name, cast.here, role=Role.MANAGER) for name in ("Berta Boss", "Oda Other"))
    check_in = care.note_abuse(incident_id=incident.pk, by=cast.desk, now=NOW)
    with pytest.raises(Refused, match="They may not know of this one"):
        answer(check_in, "talk", cast.colleague)
    answer(check_in, "talk", boss)
    Concern.objects.create(incident=incident, staff=boss)
    with pytest.raises(Refused, match="They may not know of this one"):
        answer(check_in, "talk", other)  # about a manager: administrators only


def test_never_by_mail_and_never_an_event(cast: Cast, mine: CheckIn, settings: Any) -> None:
    settings.MAIL = "smtp"
    mails, events = Outbox.objects.count(), Event.objects.count()
    answer(mine, "talk", cast.manager)
    think(cast, mine.incident, cast.manager)
    care.note_abuse(incident_id=mine.incident_id, by=cast.owner, now=NOW)
    assert (Outbox.objects.count(), Event.objects.count()) == (mails, events)


def test_closing_queues_no_mail_about_it(cast: Cast, settings: Any) -> None:
    settings.MAIL = "smtp"
    incident = make.make_incident(cast.desk, severity=2)
    before = Outbox.objects.count()
    end(incident, cast.manager)
    assert asked(incident) == {cast.desk}
    assert Outbox.objects.count() == before
    assert not Notice.objects.filter(kind="check_in", messages__isnull=False).exists()


def test_statements_of_a_closing(cast: Cast, django_assert_num_queries: Any) -> None:
    """Four for something grave, none otherwise."""
    small, hard = make.make_incident(cast.desk), make.make_incident(cast.desk, severity=2)
    for incident, number in ((small, 0), (hard, 4)):
        fresh = Incident.objects.select_related("assignee", "logged_by").get(pk=incident.pk)
        with django_assert_num_queries(number):
            care.ask_after(incident=fresh, why=CloseReason.RECOVERED, now=NOW)
