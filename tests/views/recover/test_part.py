"""The folds of the incident page: what is inside is fetched when one is opened, or stands there with `?open=`."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from incidents.actions import handovers, money, notes, promises
from incidents.models import Incident, PromiseMade, Remedy
from incidents.views.recover.parts import PARTS, ROWS
from tests import make
from tests.kept import kept_rows
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

# What stands in each part, by its name.
INSIDE = {
    "apology": "Record the apology",
    "finding": 'name="finding"',
    "remedy": "We will do it",
    "nothing": "No remedy is due",
    "call": "How did it end?",
    "promise": "Note the promise",
    "files": 'type="file"',
    "give_back": "Why you give it back",
    "hand_over": "Hand it over",
    "second_failure": "Write it down",
    "times": "What we aim for",
    "wait": 'name="how_long"',
    "close": 'id="close_reason_recovered"',
    "alike": "Nothing like this has ended yet",
    "cause": "Save the cause",
    "others": "Write them down",
    "prevent": "What will we change?",
    "care": "Somebody was abusive to me",
}
OF_A_ROW = {
    "deliver": 'name="actual_amount"',
    "more": "It does not work out",
    "evidence": 'value="evidence"',
    "again": "Why they should have it",
    "move": "Agreed with the customer",
    "settle": "A word on it",
}


@kept_rows
def incident(cast: Cast) -> Incident:
    """Everything can be done about it: it is with the manager, who has not taken it over."""
    incident = make.make_incident(cast.desk)
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    handovers.hand_over(incident_id=incident.pk, to=cast.manager, by=cast.desk, now=make.NOW)
    assert make.planned_call(incident)
    return make.fresh(incident)


@kept_rows
def remedy(cast: Cast, incident: Incident) -> Remedy:
    return make.give(incident, cast.desk, "gift_card", what="Dinner", is_delivered=False)


@pytest.fixture
def promise(cast: Cast, incident: Incident) -> PromiseMade:
    due = timezone.now() + make.DAY
    return promises.make_promise(
        incident_id=incident.pk, by=cast.desk, now=make.NOW, what="A letter", due_at=due, submit_key=uuid4()
    )


@pytest.fixture
def rows(cast: Cast, incident: Incident, remedy: Remedy, promise: PromiseMade) -> dict[str, int]:
    """The row of each part that belongs to one."""
    make.limit(cast.desk)
    asked = make.ask_for(incident, cast.desk)
    money.decide(request_id=asked.pk, is_approved=False, reason="Too much", by=cast.manager, now=timezone.now())
    of = dict.fromkeys(ROWS, remedy.pk)
    return of | {"again": asked.remedy_id, "move": promise.pk, "settle": promise.pk}


def part(incident: Incident, name: str, pk: int | None = None) -> str:
    return url("recover-part", incident, name) if pk is None else url("recover-row-part", incident, name, pk)


def test_every_part_is_looked_at() -> None:
    assert PARTS.keys() == INSIDE.keys()
    assert ROWS.keys() == OF_A_ROW.keys()


@pytest.mark.parametrize("name", INSIDE)
def test_what_is_inside(cast: Cast, sign_in: SignIn, incident: Incident, name: str) -> None:
    answer = sign_in(cast.manager).get(part(incident, name))
    assert answer.status_code == 200
    assert INSIDE[name] in text_of(answer)
    assert "<html" not in text_of(answer)


@pytest.mark.parametrize("name", OF_A_ROW)
def test_what_is_inside_for_one_row(
    cast: Cast, sign_in: SignIn, incident: Incident, rows: dict[str, int], name: str
) -> None:
    answer = sign_in(cast.manager).get(part(incident, name, rows[name]))
    assert answer.status_code == 200
    assert OF_A_ROW[name] in text_of(answer)


@pytest.mark.parametrize("name", ["give_back", "hand_over", "close", "promise", "second_failure", "files", "nothing"])
def test_folded_it_waits_and_without_a_script_a_link_opens_it(
    cast: Cast, sign_in: SignIn, incident: Incident, name: str
) -> None:
    client = sign_in(cast.manager)
    folded = text_of(client.get(incident.get_absolute_url()))
    assert INSIDE[name] not in folded
    assert f'hx-get="{part(incident, name)}"' in folded
    link = re.search(rf'<noscript><a href="([^"#]+\?open={name})#([^"]+)">', folded)
    assert link
    opened = text_of(client.get(link[1]))
    assert f'<details class="more" id="{link[2]}" open>' in opened
    assert INSIDE[name] in opened
    assert part(incident, name) not in opened


@pytest.mark.parametrize("name", OF_A_ROW)
def test_a_fold_of_one_row_too(
    cast: Cast, sign_in: SignIn, incident: Incident, rows: dict[str, int], name: str
) -> None:
    client, there = sign_in(cast.manager), incident.get_absolute_url()
    key = f"{name}-{rows[name]}"
    around = f"?open=more-{rows[name]}" if name == "evidence" else "?"
    folded = text_of(client.get(there + around))
    assert f'?open={key}#{key}">' in folded
    opened = text_of(client.get(f"{there}{around}&open={key}"))
    assert f'<details class="more" id="{key}" open>' in opened
    assert OF_A_ROW[name] in opened


def test_the_step_that_is_open_waits_for_nothing(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    assert INSIDE["apology"] in text_of(client.get(incident.get_absolute_url()))
    make.apologize(incident, cast.desk)
    page = text_of(client.get(incident.get_absolute_url()))
    assert INSIDE["remedy"] in page
    assert INSIDE["apology"] not in page
    make.give(incident, cast.desk)
    assert INSIDE["call"] in text_of(client.get(incident.get_absolute_url()))


def test_what_was_refused_stands_there_open(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    client = sign_in(cast.manager)
    answer = client.post(url("recover-change-remedy", incident, remedy.pk), {"what": "x" * 3000, "version": "0"})
    assert answer.status_code == 422
    assert f'<details class="more" id="more-{remedy.pk}" open>' in text_of(answer)
    assert "x" * 3000 in text_of(answer)


@pytest.mark.parametrize("name", ["nonsense", "show", "more", "older", "_close"])
def test_no_such_part(cast: Cast, sign_in: SignIn, incident: Incident, name: str) -> None:
    assert sign_in(cast.manager).get(part(incident, name)).status_code == 404


@pytest.mark.parametrize("name", ["nonsense", "close", "again"])
def test_no_such_part_of_a_row(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy, name: str) -> None:
    assert sign_in(cast.manager).get(part(incident, name, remedy.pk)).status_code == 404


def test_what_the_page_does_not_have_is_not_there(cast: Cast, sign_in: SignIn, incident: Incident) -> None:
    desk, manager = sign_in(cast.desk), sign_in(cast.manager)
    assert desk.get(part(incident, "give_back")).status_code == 404
    assert desk.get(part(incident, "finding")).status_code == 404
    given = incident.remedies.get()
    assert manager.get(part(incident, "deliver", given.pk)).status_code == 404
    assert manager.get(part(incident, "more", given.pk)).status_code == 404
    make.call(incident, cast.manager, "delighted")
    for name in ("apology", "remedy", "nothing", "call", "hand_over", "close"):
        assert manager.get(part(incident, name)).status_code == 404
    assert manager.get(part(incident, "promise")).status_code == 200


def test_of_a_restricted_one_only_what_is_ones_own(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.manager, category="safety", what_happened="Slipped by the pool.")
    mine = make.give(incident, cast.manager, "redo", what="Dry it", is_delivered=False, assignee=cast.colleague)
    other = make.give(incident, cast.manager, "gift_card", what="Secret", is_delivered=False, assignee=cast.manager)
    client = sign_in(cast.colleague)
    page = text_of(client.get(incident.get_absolute_url()))
    assert part(incident, "more", mine.pk) in page
    for name in ("deliver", "more", "evidence"):
        assert client.get(part(incident, name, mine.pk)).status_code == 200
        assert client.get(part(incident, name, other.pk)).status_code == 403
    for name in PARTS:
        assert client.get(part(incident, name)).status_code == 403
    assert client.get(part(incident, "older", 10**9)).status_code == 403
    assert "Secret" not in text_of(client.get(incident.get_absolute_url() + f"?open=more-{other.pk}&before=99999"))


def test_rules(cast: Cast, sign_in: SignIn, incident: Incident, remedy: Remedy) -> None:
    hold(cast, sign_in, "recover-part", incident, "close", wants="get")
    for name in ("more", "older"):
        there = part(incident, name, remedy.pk)
        assert sign_in(cast.outsider).get(there).status_code == 404
        assert sign_in(cast.desk).post(there).status_code == 405
    assert sign_in(cast.desk).get(part(incident, "more", 10**18)).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, sign_in: SignIn, incident: Incident, django_assert_max_num_queries: object, many: int
) -> None:
    kinds = ["redo", "gift_card", "free_item"][:many]
    given = [make.give(incident, cast.desk, kind, is_delivered=False, assignee=cast.manager) for kind in kinds]
    client = sign_in(cast.manager)
    everything = "&".join(f"open={name}" for name in PARTS) + "".join(f"&open=more-{row.pk}" for row in given)
    for there in (
        incident.get_absolute_url(),
        f"{incident.get_absolute_url()}?{everything}",
        part(incident, "close"),
        part(incident, "more", given[0].pk),
        part(incident, "older", 10**9),
    ):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert client.get(there).status_code == 200


class TestOlder:
    """The timeline shows 30 at once, and the others when somebody asks."""

    @pytest.fixture
    def long(self, cast: Cast) -> Incident:
        incident = make.make_incident(cast.desk)
        make.give(incident, cast.desk, "redo", actual_amount=Decimal(5))
        gone = make.make_staff("Gone Since", cast.here)
        for number in range(80):
            at = make.NOW + dt.timedelta(minutes=number)
            by = gone if number < 10 else cast.desk
            notes.add_note(incident_id=incident.pk, by=by, now=at, words=f"Word {number:03d}.", submit_key=uuid4())
        gone.memberships.all().delete()
        return incident

    @staticmethod
    def words(page: str) -> list[int]:
        return [int(found) for found in re.findall(r"Word (\d{3})\.", page)]

    def test_page_by_page(self, cast: Cast, sign_in: SignIn, long: Incident) -> None:
        client, seen, pages = sign_in(cast.desk), [], 1
        page = text_of(client.get(long.get_absolute_url()))
        assert self.words(page) == list(range(79, 49, -1))
        seen += self.words(page)
        while found := re.search(r'href="([^"#]+)#timeline" hx-get="([^"]+)"', page):
            whole, page = text_of(client.get(found[1])), text_of(client.get(found[2]))
            assert "<html" not in page
            assert self.words(whole) == self.words(page)
            assert "Show the newest" in whole
            seen += self.words(page)
            pages += 1
        assert seen == list(range(79, -1, -1))
        assert pages == 3
        assert "Gone Since" in page
        assert "Written down" in page

    def test_nothing_older(self, cast: Cast, sign_in: SignIn, incident: Incident) -> None:
        client = sign_in(cast.desk)
        assert "Show older" not in text_of(client.get(incident.get_absolute_url()))
        assert self.words(text_of(client.get(part(incident, "older", 1)))) == []

    @pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 5000, "١"])
    def test_a_number_nobody_has(self, cast: Cast, sign_in: SignIn, incident: Incident, before: str) -> None:
        answer = sign_in(cast.desk).get(incident.get_absolute_url(), {"before": before})
        assert answer.status_code == 200
        assert "Written down" in text_of(answer)

    def test_made_worse_long_ago_is_not_forgotten(self, cast: Cast, sign_in: SignIn) -> None:
        incident = make.make_incident(cast.desk)
        handovers.hand_over(incident_id=incident.pk, to=cast.colleague, by=cast.desk, now=make.NOW)
        client = sign_in(cast.desk)
        client.post(reverse("recover-second-failure", args=[incident.reference]))
        for _ in range(35):
            client.post(url("recover-note", incident), {"words": "x", "submit_key": uuid4()})
        assert "Somebody else should talk to them" in text_of(client.get(incident.get_absolute_url()))
