"""Told of a view: once when it grows past a number, its list each day, and only what its reader sees."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db.models import Q

from incidents.actions import mail, view_news
from incidents.actions import views as saving
from incidents.board import notices
from incidents.models import Incident, Notice, NoticeKind, NoticeReason, Outbox, SavedView, Staff, ViewChoice
from incidents.models.notice_views import name_views
from incidents.models.notice_words import sentence, why
from tests import make
from tests.make import DAY, HOUR, NOW, Cast
from tests.reminding import SECOND, clock

AT = dt.time(8, 0)  # 14:00 in UTC, an hour before NOW


def kept(by: Staff, query: str = "category=room", *, name: str = "Rooms", is_shared: bool = False) -> SavedView:
    return saving.save_view(name=name, query=query, is_shared=is_shared, submit_key=uuid4(), by=by, now=NOW)


def ask(by: Staff, view: SavedView, **over: Any) -> ViewChoice:
    asked: dict[str, Any] = {"is_pinned": True, "is_default": False, "tell_above": None, "mails_at": None}
    saving.choose(view_id=view.pk, **asked | over, by=by, now=NOW)
    return ViewChoice.objects.get(staff=by, view=view)


def told(kind: NoticeKind, to: Staff) -> list[Notice]:
    return list(Notice.objects.filter(kind=kind, recipient=to).order_by("id"))


def grew(moment: dt.datetime = NOW) -> int:
    return view_news.tell_what_grew(clock(moment))


def test_once_when_it_passes_and_again_after_it_fell_back(cast: Cast) -> None:
    ask(cast.desk, kept(cast.desk), tell_above=1)
    make.make_incident(cast.desk)
    assert grew() == 0
    second = make.make_incident(cast.desk)
    assert [grew(), grew(NOW + HOUR), grew(NOW + 2 * HOUR)] == [1, 0, 0]
    make.close(second, cast.desk, "withdrawn")
    assert grew(NOW + 3 * HOUR) == 0
    make.make_incident(cast.desk)
    assert [grew(NOW + 4 * HOUR), grew(NOW + 5 * HOUR)] == [1, 0]
    assert len(told(NoticeKind.VIEW_PASSED, cast.desk)) == 2


def test_it_says_which_and_why_on_the_most_urgent(cast: Cast) -> None:
    ask(cast.desk, kept(cast.desk), tell_above=0)
    make.make_incident(cast.desk, severity=4)
    urgent = make.make_incident(cast.desk, severity=1)
    grew()
    notice = told(NoticeKind.VIEW_PASSED, cast.desk)[0]
    assert (notice.incident, notice.reason) == (urgent, NoticeReason.ASKED)
    line = next(each for each in notices.inbox(cast.desk, now=NOW).lines if each.notice == notice)
    assert line.sentence == "“Rooms”: more than 0 now"
    assert "asked to be told" in line.why == why(notice)


def test_another_number_is_another_question(cast: Cast) -> None:
    view = kept(cast.desk)
    ask(cast.desk, view, tell_above=0)
    make.make_incident(cast.desk)
    assert grew() == 1
    ask(cast.desk, view, tell_above=0)
    assert grew(NOW + HOUR) == 0
    make.make_incident(cast.desk)
    ask(cast.desk, view, tell_above=1)
    assert grew(NOW + 2 * HOUR) == 1


def test_what_one_may_not_see_counts_for_nobody_else(cast: Cast) -> None:
    """A restricted incident, and one of another place, tell those who see them; whoever is named in it never."""
    view = kept(cast.manager, "category=safety", name="Hurt", is_shared=True)
    for person in (cast.manager, cast.colleague, cast.outsider, cast.owner):
        ask(person, view, tell_above=0, mails_at=AT)
    hurt = make.make_incident(cast.manager, category="safety")
    assert grew() == 2
    assert view_news.mail_lists(clock(NOW + DAY)) == 2
    assert {n.recipient for n in Notice.objects.filter(subject_id=view.pk, incident=hurt)} == {cast.manager, cast.owner}


def test_neither_somebody_gone_nor_where_it_is_no_longer_shared(cast: Cast) -> None:
    view = kept(cast.manager, is_shared=True)
    ask(cast.desk, view, tell_above=0, mails_at=AT)
    make.make_incident(cast.desk)
    SavedView.objects.filter(pk=view.pk).update(is_shared=False)
    assert (grew(), view_news.mail_lists(clock(NOW + DAY))) == (0, 0)
    SavedView.objects.filter(pk=view.pk).update(is_shared=True)
    Staff.objects.filter(pk=cast.desk.pk).update(is_active=False)
    assert (grew(), view_news.mail_lists(clock(NOW + 2 * DAY))) == (0, 0)


def test_each_day_at_ones_own_time_and_once_after_days_down(cast: Cast) -> None:
    choice = ask(cast.desk, kept(cast.desk), mails_at=AT)
    make.make_incident(cast.desk, now=NOW)
    due = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    assert choice.next_mail_at == due
    assert view_news.mail_lists(clock(due - HOUR)) == 0
    assert [view_news.mail_lists(clock(due)) for _twice in range(2)] == [1, 0]
    later = dt.datetime(2026, 3, 9, 15, tzinfo=dt.UTC)  # the clocks went forward on the 8th
    assert [view_news.mail_lists(clock(later)) for _twice in range(2)] == [1, 0]
    choice.refresh_from_db()
    assert choice.next_mail_at == dt.datetime(2026, 3, 10, 13, tzinfo=dt.UTC)
    assert len(told(NoticeKind.VIEW_DIGEST, cast.desk)) == 2


def test_an_empty_list_is_no_news(cast: Cast) -> None:
    choice = ask(cast.desk, kept(cast.desk), mails_at=AT)
    assert view_news.mail_lists(clock(NOW + DAY)) == 0
    choice.refresh_from_db()
    assert choice.next_mail_at
    assert choice.next_mail_at > NOW + DAY


def test_its_mail_lists_ten_and_names_nobody_restricted(cast: Cast) -> None:
    view = kept(cast.manager, "reported=7", name="This week")
    ask(cast.manager, view, mails_at=AT)
    hurt = make.make_incident(cast.manager, category="safety", customer=make.make_customer("Vera Victim"))
    plain = [make.make_incident(cast.desk, customer=make.make_customer(f"Guest {n}")) for n in range(11)]
    foreign = make.make_incident(cast.outsider)
    view_news.mail_lists(clock(NOW + DAY))
    notice = told(NoticeKind.VIEW_DIGEST, cast.manager)[0]
    found = mail.compose(Outbox.objects.get(lines__notice=notice).pk)
    assert found
    text = found[1].text
    assert "“This week”: 12 on the list of the day" in text
    assert text.count("\n- R-") == 10
    assert f"{hurt.reference} · a restricted incident" in text
    assert "Vera Victim" not in text + found[1].html
    assert foreign.reference not in text
    assert sum(each.reference in text for each in plain) == 9


def test_what_was_taken_from_sight_meanwhile_is_not_in_the_mail(cast: Cast) -> None:
    view = kept(cast.desk, "reported=7", name="This week")
    ask(cast.desk, view, mails_at=AT)
    stays, goes = make.make_incident(cast.desk), make.make_incident(cast.colleague)
    view_news.mail_lists(clock(NOW + DAY))
    Incident.objects.filter(pk=goes.pk).update(is_restricted=True, assignee=cast.manager)
    ours = Outbox.objects.filter(recipient=cast.desk, lines__notice__kind=NoticeKind.VIEW_DIGEST)
    found = mail.compose(ours.get().pk)
    assert found
    assert stays.reference in found[1].text
    assert goes.reference not in found[1].text


def test_a_deleted_view_keeps_its_secret(cast: Cast) -> None:
    view = kept(cast.desk, name="Of my own")
    ask(cast.desk, view, tell_above=0)
    make.make_incident(cast.desk)
    grew()
    notice = told(NoticeKind.VIEW_PASSED, cast.desk)[0]
    saving.delete_view(view_id=view.pk, by=cast.desk, now=NOW)
    name_views([notice], cast.desk)
    assert sentence(notice, cast.desk) == "A view of yours: more than 0 now"


@pytest.mark.parametrize("is_deleted", [True, False])
def test_whoever_has_only_its_mail_hears_that_a_view_is_gone(is_deleted: bool, cast: Cast) -> None:
    view = kept(cast.desk, name="Ours", is_shared=True)
    ask(cast.colleague, view, mails_at=AT)
    saving.pin(view_id=view.pk, is_pinned=False, by=cast.colleague, now=NOW)
    make.make_incident(cast.desk)
    if is_deleted:
        saving.delete_view(view_id=view.pk, by=cast.desk, now=NOW)
    else:
        saving.change_view(
            view_id=view.pk, name="Ours", is_shared=False, expected_version=view.version, by=cast.desk, now=NOW
        )
    [notice] = told(NoticeKind.VIEW_DIGEST, cast.colleague)
    assert sentence(notice, cast.colleague) == "A shared view that you used has been deleted, or is shared no more"
    assert not told(NoticeKind.VIEW_DIGEST, cast.desk)


def test_a_bad_row_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in (cast.desk, cast.manager):
        ask(person, kept(person), tell_above=0)
    make.make_incident(cast.desk)
    real = view_news._rows

    def breaks(choice: ViewChoice, now: dt.datetime) -> Any:
        if choice.staff == cast.desk:
            raise ValueError
        return real(choice, now)

    monkeypatch.setattr(view_news, "_rows", breaks)
    assert grew() == 1
    assert len(told(NoticeKind.VIEW_PASSED, cast.manager)) == 1


def test_numbers_are_looked_at_every_five_minutes(cast: Cast) -> None:
    cache.delete(view_news.LOOKED)
    ask(cast.desk, kept(cast.desk), tell_above=0)
    make.make_incident(cast.desk)
    assert view_news.tell_of_views(clock(NOW)) == 1
    ViewChoice.objects.update(told_at=None)
    assert view_news.tell_of_views(clock(NOW + HOUR)) == 0


@pytest.mark.parametrize("is_guarded", [True, False])
@pytest.mark.parametrize("act", ["tell_what_grew", "mail_lists"])
def test_two_sweeps_at_once_tell_once(
    *,
    act: str,
    is_guarded: bool,
    together: Callable[[Callable[[int], Any], int], list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: without the lock, both take the same choice for one nobody was told of."""
    cast = make.make_cast()
    choice = ask(cast.desk, kept(cast.desk), tell_above=0, mails_at=AT)
    make.make_incident(cast.desk)
    both = threading.Barrier(2)

    def unlocked(pk: int, wanted: Q) -> ViewChoice | None:
        found = ViewChoice.objects.select_related("staff", "view").filter(wanted, pk=pk).first()
        both.wait(timeout=20)  # each has read the row before either writes
        return found

    if not is_guarded:
        monkeypatch.setattr(view_news, "_locked", unlocked)
    found = together(lambda n: getattr(view_news, act)(clock(NOW + DAY + n * SECOND)), 2)
    assert sum(found) == (1 if is_guarded else 2)
    kind = NoticeKind.VIEW_PASSED if act == "tell_what_grew" else NoticeKind.VIEW_DIGEST
    # Of a list the occurrence is when it was due: its notice would be there once all the same.
    number = 2 if kind == NoticeKind.VIEW_PASSED and not is_guarded else 1
    assert Notice.objects.filter(kind=kind, subject_id=choice.view_id).count() == number
