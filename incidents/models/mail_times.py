"""When mail may reach somebody: inside their hours, and no more often than they said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from incidents.calendars import Window
from incidents.models.staff import MailRule, Staff
from incidents.news import NEWS, URGENT, news_of

# At most this often; the first of it comes at once.
EVERY: Mapping[str, dt.timedelta] = {
    MailRule.GATHERED: dt.timedelta(minutes=5),
    MailRule.HOURLY: dt.timedelta(hours=1),
}
TIMES: Mapping[str, tuple[dt.time, ...]] = {
    MailRule.TWICE: (dt.time(8), dt.time(16)),
    MailRule.DAILY: (dt.time(8),),
}
MOST_A_DAY = max(map(len, TIMES.values()))  # so many of the last mails decide when the next one may come
_AHEAD = 16  # days; no week is closed on all of its days


@dataclass(frozen=True)
class Way:
    """How a mail of some news leaves: alone or with others, at once or when they want it."""

    is_alone: bool
    is_urgent: bool


def way_of_mail(kind: str, person: Staff, *, is_critical: bool, now: dt.datetime) -> Way | None:
    """None when they want no mail of this. What is urgent reaches whoever is on duty, whatever they chose."""
    is_on_duty = person.on_duty_until is not None and person.on_duty_until > now
    is_urgent = is_on_duty and (is_critical or kind in URGENT)
    news = news_of(kind)
    if news is None or not (is_urgent or (person.wants_mail and news not in person.not_by_mail)):
        return None
    return Way(is_alone=is_critical or is_urgent, is_urgent=is_urgent)


def leaves_at(person: Staff, now: dt.datetime, way: Way, recent: Sequence[dt.datetime] = ()) -> dt.datetime:
    """When a new one leaves. `recent`: when the last ones that were not alone came, the newest first."""
    if way.is_urgent:
        return now
    return window_of(person).next_open(now) if way.is_alone else next_mail_at(person, now, recent)


def window_of(person: Staff) -> Window:
    """When they may be disturbed. No query for somebody who never set hours."""
    has_hours = person.reachable_from or "0" in person.reachable_days
    return _window(person, person.zone if has_hours else dt.UTC)


def next_mail_at(person: Staff, now: dt.datetime, recent: Sequence[dt.datetime] = ()) -> dt.datetime:
    """The first moment from `now` on at which they want mail. `recent`: when the last ones came, the newest first."""
    if every := EVERY.get(person.mail_rule):
        return window_of(person).next_open(max(now, *(moment + every for moment in recent[:1])) if recent else now)
    return _next_of(TIMES[person.mail_rule], person, now, recent)


def is_too_soon(person: Staff, now: dt.datetime, recent: Sequence[dt.datetime]) -> bool:
    """Whether one more now would be more than they want. One that an outage held up is not: its time is over."""
    if every := EVERY.get(person.mail_rule):
        return any(moment + every > now for moment in recent[:1])
    zone = person.zone
    days = [moment.astimezone(zone).date() for moment in recent]
    is_full = days.count(now.astimezone(zone).date()) >= len(TIMES[person.mail_rule])
    return is_full and next_mail_at(person, now, recent) > now


def unwanted(person: Staff) -> list[str]:
    """The kinds of notices of which they want no mail that waits for their rule."""
    return [kind for kind, news in NEWS.items() if not person.wants_mail or news in person.not_by_mail]


def _next_of(times: tuple[dt.time, ...], person: Staff, now: dt.datetime, recent: Sequence[dt.datetime]) -> dt.datetime:
    """A day has as many as there are times: those inside their hours, else the moment at which these begin."""
    zone = person.zone
    window = _window(person, zone)
    days = [moment.astimezone(zone).date() for moment in recent]
    today = now.astimezone(zone).date()
    for offset in range(_AHEAD):
        day = today + dt.timedelta(days=offset)
        if days.count(day) >= len(times):
            continue
        for moment in window.moments_on(day, times):
            if moment >= now and all(moment > other for other in recent):
                return moment
    return window.next_open(now)


def _window(person: Staff, zone: dt.tzinfo) -> Window:
    return Window(person.reachable_from, person.reachable_until, person.reachable_days, zone)
