"""The pages of patterns: what rises, what is looked into, and nothing of what the reader may not see."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from incidents.access import Role
from incidents.actions import patterns as acts
from incidents.actions import watch
from incidents.models import Incident, Notice, Pattern, PatternKind, RootCause, Staff
from tests import make
from tests.kept import kept_rows
from tests.make import DAY, Cast
from tests.views.recover.rules import SignIn, text_of

URL = "/patterns/"


def happened(by: Staff, kind: str, days_ago: float, times: int = 1, **over: Any) -> list[Incident]:
    at = timezone.now() - days_ago * DAY
    over.setdefault("customer_hint", "A guest")
    return [make.make_incident(by, category=kind, now=at, **over) for _ in range(times)]


@kept_rows
def rise(cast: Cast) -> list[Incident]:
    """Half a year of which we know, and cold rooms lately."""
    happened(cast.desk, "other", 200)
    happened(cast.desk, "room", 50)
    return happened(cast.desk, "room", 3, times=6, field_values={"place": "Room 214"})


def begun(cast: Cast, by: Staff, **over: Any) -> Pattern:
    what: dict[str, Any] = {"kind": PatternKind.ITEM, "value": "room 214", "location": cast.here, "days": 28}
    return acts.open_pattern(**what | {"by": by, "now": timezone.now(), "submit_key": uuid4()} | over)


def test_what_rises_in_words_and_what_came_up_again(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    answer = sign_in(cast.manager).get(URL)
    page = answer.context["page"]
    assert [(line.label, line.trend.newest) for line in page.rising] == [("Room or facility", 6)]
    assert [(label, lines[0].label) for label, lines, _rest in page.groups] == [("The same item", "Room 214")]
    html = text_of(answer)
    assert "6 in the last 4 weeks, usually 0.2. By chance this happens less than once in 1,000 times." in html
    assert "How we reckon" in html
    assert f"?kind=item&amp;value=room%20214&amp;days=28&amp;place={cast.here.pk}" in html
    week = sign_in(cast.manager).get(URL, {"days": "7"}).context["page"]
    assert [line.trend.before for line in week.rising] == [(0, 0, 0, 0, 0, 0)]


def test_too_early_to_tell(cast: Cast, sign_in: SignIn) -> None:
    happened(cast.desk, "room", 3, times=6)
    answer = sign_in(cast.manager).get(URL)
    assert answer.context["page"].rising == []
    assert "Too early to tell" in text_of(answer)
    assert "6 in the last 4 weeks." in text_of(answer)


def test_an_empty_place(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing did. Look again when more has been written down" in text_of(sign_in(cast.manager).get(URL))


def test_customers_and_rooms_never_rise_they_only_come_up(cast: Cast, sign_in: SignIn) -> None:
    happened(cast.desk, "other", 200)
    nora = make.make_customer()
    for kind in ("late", "price", "waiting"):
        happened(cast.desk, kind, 2, customer=nora, place="Pool", customer_hint="")
    page = sign_in(cast.manager).get(URL).context["page"]
    assert page.rising == []
    assert [lines[0].label for _label, lines, _rest in page.groups] == ["Pool", "Nora Novak"]
    assert "By chance" not in page.groups[0][1][0].words


def test_restricted_ones_count_for_nobody_who_may_not_see_them(cast: Cast, sign_in: SignIn) -> None:
    happened(cast.desk, "other", 200)
    for incident in happened(cast.manager, "safety", 3, times=5, place="Quetzal pool"):
        incident.concerns.create(staff=cast.manager)
    assert "Quetzal" not in text_of(sign_in(cast.manager).get(URL))
    assert sign_in(cast.manager).get(URL).context["page"].rising == []
    page = sign_in(cast.owner).get(URL).context["page"]
    assert [line.label for line in page.rising] == ["Safety, injury or privacy"]
    pattern = begun(cast, cast.owner, kind=PatternKind.CATEGORY, value=make.category("safety").pk, note="Secret")
    assert sign_in(cast.owner).get(pattern.get_absolute_url()).status_code == 200
    for act in ("", "note/", "link/", "close/", "reopen/"):
        there = pattern.get_absolute_url() + act
        asked = sign_in(cast.manager).post(there) if act else sign_in(cast.manager).get(there)
        assert asked.status_code == 404
    assert "Being looked into" not in text_of(sign_in(cast.manager).get(URL))


def test_a_note_may_speak_of_what_is_hidden(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    Incident.objects.filter(pk=rise[0].pk).update(is_restricted=True)
    rise[0].concerns.create(staff=cast.manager)
    pattern = begun(cast, cast.owner, note="Quetzal was seen there")
    answer = sign_in(cast.manager).get(pattern.get_absolute_url())
    assert (answer.context["pattern"].linked, len(answer.context["page"].rows)) == (5, 5)
    assert "Quetzal" not in text_of(answer)
    assert "Quetzal" in text_of(sign_in(cast.owner).get(pattern.get_absolute_url()))
    sent = {"note": "Nothing.", "version": "0"}
    assert sign_in(cast.manager).post(f"{pattern.get_absolute_url()}note/", sent).status_code == 403
    assert Pattern.objects.get(pk=pattern.pk).note == "Quetzal was seen there", (
        "what they may not read they do not replace"
    )


def test_looking_into_it(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    client, what = sign_in(cast.manager), {"kind": "item", "value": "room 214", "days": "28"}
    preview = client.get(f"{URL}look/", what)
    assert "6 mistakes are put together under your name." in text_of(preview)
    sent = what | {"submit_key": str(uuid4()), "note": "The valve?", "place": ""}
    first, again = client.post(f"{URL}look/", sent), client.post(f"{URL}look/", sent)
    assert first["Location"] == again["Location"] == Pattern.objects.get().get_absolute_url()
    page = text_of(client.get(first["Location"]))
    for said in ("Room 214", "6 mistakes", "The valve?", "Who else was hit and said nothing?"):
        assert said in page
    assert "open it" in text_of(client.get(f"{URL}look/", what))
    listed = client.get(URL).context["page"]
    assert [(each.label, each.linked) for each in listed.watched] == [("Room 214", 6)]
    assert listed.groups == []


def test_what_was_typed_stays(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    client = sign_in(cast.manager)
    sent = {"kind": "item", "value": "room 214", "note": "x" * 5000, "submit_key": str(uuid4())}
    answer = client.post(f"{URL}look/", sent)
    assert answer.status_code == 422
    assert "x" * 5000 in text_of(answer)
    assert client.post(f"{URL}look/", sent | {"note": "", "value": "room 9"}).status_code == 409
    assert client.get(f"{URL}look/", {"kind": "customer", "value": "²"}).status_code == 404
    assert client.get(f"{URL}look/").status_code == 404


def test_whoever_has_two_places_says_which(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    both = make.make_staff("Bea Both", cast.here, cast.elsewhere, role=Role.MANAGER)
    answer = sign_in(both).get(f"{URL}look/", {"kind": "item", "value": "room 214", "days": "28"})
    assert answer.status_code == 200
    assert f"place={cast.here.pk}" in text_of(answer)
    sent = {"kind": "item", "value": "room 214", "submit_key": str(uuid4())}
    assert sign_in(both).post(f"{URL}look/", sent).status_code == 422
    foreign = sign_in(cast.manager).post(f"{URL}look/", sent | {"place": str(cast.elsewhere.pk)})
    assert foreign.status_code == 422


def test_what_fits_later_is_proposed_and_added(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    pattern, client = begun(cast, cast.manager), sign_in(cast.manager)
    assert "more fit" not in text_of(client.get(pattern.get_absolute_url()))
    happened(cast.desk, "room", 0, times=2, field_values={"place": "ROOM 214"})
    assert "2 more fit." in text_of(client.get(pattern.get_absolute_url()))
    assert client.post(f"{pattern.get_absolute_url()}link/").status_code == 302
    assert pattern.links.count() == 8


def test_two_notes_at_once(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    pattern, client = begun(cast, cast.manager), sign_in(cast.manager)
    there = f"{pattern.get_absolute_url()}note/"
    assert client.post(there, {"note": "The valve.", "version": "0"}).status_code == 302
    stale = client.post(there, {"note": "The pump.", "version": "0"})
    assert stale.status_code == 409
    assert "The valve." in text_of(stale)
    assert "The pump." in text_of(stale)
    assert 'name="version" value="1"' in text_of(stale)
    assert client.post(there, {"note": "x" * 5000, "version": "1"}).status_code == 422


def test_done_stands_among_what_was_looked_into(cast: Cast, sign_in: SignIn, rise: list[Incident]) -> None:
    pattern, client = begun(cast, cast.manager), sign_in(cast.manager)
    assert client.post(f"{pattern.get_absolute_url()}close/")["Location"] == URL
    assert "Room 214" in text_of(client.get(f"{URL}done/"))
    assert client.get(URL).context["page"].watched == []
    assert "Take it up again" in text_of(client.get(pattern.get_absolute_url()))
    client.post(f"{pattern.get_absolute_url()}reopen/")
    assert "Nothing yet" in text_of(client.get(f"{URL}done/"))


def test_back_to_basics(cast: Cast, sign_in: SignIn) -> None:
    happened(cast.desk, "other", 200)
    happened(cast.desk, "routine", 3, times=5)
    html = text_of(sign_in(cast.manager).get(URL))
    assert "Back to basics" in html
    assert "5 in the last 2 weeks, usually none." in html
    assert "category=routine&amp;category=basics" in html


def test_the_first_page_says_it_to_those_who_were_told(cast: Cast, sign_in: SignIn) -> None:
    happened(cast.desk, "other", 200)
    happened(cast.desk, "routine", 3, times=5)
    assert "Back to basics" not in text_of(sign_in(cast.manager).get("/"))
    assert watch.watch_all(now=timezone.now()) == 2
    assert "Back to basics at Harbour Hotel" in text_of(sign_in(cast.manager).get("/"))
    assert "Back to basics" not in text_of(sign_in(cast.owner).get("/"))
    notice = Notice.objects.get(kind="basics")
    opened = sign_in(cast.manager).get(f"/notices/{notice.pk}/")
    assert opened["Location"] == f"{URL}?place={cast.here.pk}"
    Notice.objects.update(at=timezone.now() - 15 * DAY)
    assert "Back to basics" not in text_of(sign_in(cast.manager).get("/"))


def test_others_were_hit(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    ada = make.make_customer("Ada Stone", phone="")
    client, there = sign_in(cast.desk), f"{incident.get_absolute_url()}others/"
    sent = {"submit_key": str(uuid4()), "name_1": "Ada Stone", "guests": "A man\nA woman\nA man"}
    assert client.post(there, sent).status_code == 422
    sent["what_happened"] = "It was cold."
    for _again in range(2):
        assert client.post(there, sent).status_code == 302
    assert sorted(each.who for each in Pattern.objects.get().incidents.exclude(pk=incident.pk)) == [
        "A man", "A woman", "Ada Stone",
    ]  # fmt: skip
    assert Incident.objects.filter(customer=ada, source="noticed").count() == 1
    told = client.post(there, sent | {"submit_key": str(uuid4()), "guests": ""}, follow=True)
    assert "Ada Stone: not written down. They have one for this already." in text_of(told)
    for wrong in ({"name_1": "Nobody Known"}, {"name_1": "", "guests": ""}, {"guests": "\n".join(map(str, range(11)))}):
        answer = client.post(there, sent | wrong | {"submit_key": str(uuid4())})
        assert answer.status_code == 422
    page = text_of(sign_in(cast.manager).get(incident.get_absolute_url()))
    assert "Being looked into: The same event hit several" in page
    assert "Being looked into" not in text_of(client.get(incident.get_absolute_url()))


def test_the_words_of_a_restricted_one_are_not_offered(cast: Cast, sign_in: SignIn) -> None:
    secret = make.make_incident(cast.manager, category="safety", what_happened="Quetzal bit her")
    part = text_of(sign_in(cast.manager).get(f"{secret.get_absolute_url()}part/others/"))
    assert "Write them down" in part
    assert "Quetzal" not in part


def test_why_it_happened(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    there, client = f"{incident.get_absolute_url()}cause/", sign_in(cast.manager)
    cause = RootCause.objects.get(key="hand_over")
    assert sign_in(cast.desk).post(there, {"root_cause": cause.pk}).status_code == 403
    assert sign_in(cast.outsider).post(there, {"root_cause": cause.pk}).status_code == 404
    assert client.post(there, {"root_cause": "999999"}).status_code == 422
    assert client.post(there, {"root_cause": cause.pk}).status_code == 302
    page = text_of(sign_in(cast.desk).get(incident.get_absolute_url()))
    assert "Unclear hand-over" in page
    assert "Why it happened was written down" in page
    assert "selected>Unclear hand-over" in text_of(client.get(f"{incident.get_absolute_url()}part/cause/"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_statements_does_not_grow(
    cast: Cast, sign_in: SignIn, count: int, django_assert_num_queries: Any
) -> None:
    happened(cast.desk, "other", 200)
    kinds, client = ("room", "late", "price")[:count], sign_in(cast.manager)
    for number, kind in enumerate(kinds):
        nora = make.make_customer(f"Nora {number}", phone="")
        fields = {"place": f"Room {number}"} if kind == "room" else {}
        happened(cast.desk, kind, 2, 3, customer=nora, customer_hint="", place=f"Hall {number}", field_values=fields)
        acts.open_pattern(
            kind=PatternKind.PLACE, value=f"hall {number}", location=cast.here, days=28, by=cast.manager,
            now=timezone.now(), submit_key=uuid4(),
        )  # fmt: skip
    pattern = Pattern.objects.latest("pk")
    look = f"{URL}look/?kind=category&value={make.category().pk}"
    for address, statements in ((URL, 11), (look, 11), (pattern.get_absolute_url(), 10), (f"{URL}done/", 5)):
        client.get(address)
        with django_assert_num_queries(statements):
            assert client.get(address).status_code == 200
