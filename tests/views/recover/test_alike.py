"""What happened in cases like this: past incidents by their words, and what a reader may know of each."""

from __future__ import annotations

import pytest

from incidents.actions import words
from incidents.models import Incident
from incidents.search import similar_to
from incidents.search.similar import most_alike
from tests import make
from tests.kept import kept_rows
from tests.make import NOW, Cast
from tests.views.recover.rules import SignIn, text_of, url

TOLD = "The projector in the ballroom showed no picture, ten minutes before the speech."


def past(cast: Cast, told: str, **over: object) -> Incident:
    """One that has ended: a voucher was given, and they were happy."""
    by = over.pop("by", cast.desk)
    incident = make.make_incident(by, what_happened=told, **over)  # type: ignore[arg-type]
    make.apologize(incident, by)  # type: ignore[arg-type]
    make.give(incident, by, "gift_card", actual_amount="25")  # type: ignore[arg-type]
    return make.call(incident, by, "delighted")  # type: ignore[arg-type]


@kept_rows
def now_told(cast: Cast) -> Incident:
    past(cast, "No projector picture in the ballroom, and the speech began late.")
    past(cast, "The soup was cold and the waiter was rude.")
    past(cast, "The invoice names two nights instead of one.")
    incident = make.make_incident(cast.desk, what_happened=TOLD)
    words.count_words()
    return incident


def fold(cast: Cast, sign_in: SignIn, incident: Incident) -> str:
    return text_of(sign_in(cast.desk).get(url("recover-part", incident, "alike")))


def test_how_it_ended_and_what_was_given(cast: Cast, sign_in: SignIn, now_told: Incident) -> None:
    text = fold(cast, sign_in, now_told)
    like = Incident.objects.get(what_happened__startswith="No projector")
    assert f'<a href="{like.get_absolute_url()}">' in text
    assert "the speech began late" in text
    assert "Recovered" in text
    assert "Delighted" in text
    assert "Gift card" in text
    assert "25" in text
    assert "invoice" not in text
    assert now_told.reference not in text


def test_the_page_waits_for_it(cast: Cast, sign_in: SignIn, now_told: Incident) -> None:
    client, there = sign_in(cast.desk), now_told.get_absolute_url()
    assert "the speech began late" not in text_of(client.get(there))
    assert "the speech began late" in text_of(client.get(f"{there}?open=alike"))


def test_the_form_that_logs_says_nothing_of_it(cast: Cast, sign_in: SignIn, now_told: Incident) -> None:
    assert "cases like this" not in text_of(sign_in(cast.desk).get("/incidents/new/"))


def test_of_other_places_the_little_that_may_be_known(cast: Cast, sign_in: SignIn) -> None:
    there = past(cast, TOLD, by=cast.outsider)
    words.count_words()
    text = fold(cast, sign_in, make.make_incident(cast.desk, what_happened=TOLD))
    assert "Paper Shop" in text
    assert "Gift card" in text
    for hidden in (there.reference, "ballroom", str(there.customer)):
        assert hidden not in text


@pytest.mark.parametrize("who", ["desk", "manager", "owner"])
def test_restricted_ones_never(cast: Cast, sign_in: SignIn, who: str) -> None:
    hurt = past(cast, TOLD, by=cast.manager, category="safety")
    hurt = make.call(hurt, cast.manager, "delighted", now=NOW + 2 * make.HOUR)  # a grave one is called twice
    assert hurt.is_restricted
    assert not hurt.is_open
    incident = make.make_incident(cast.desk, what_happened=TOLD)
    words.count_words()
    for restricted in (True, False):  # the control: it is found as soon as it is not
        Incident.objects.filter(pk=hurt.pk).update(is_restricted=restricted)
        if not restricted:
            words.count_words()
        found = similar_to(TOLD, staff=getattr(cast, who), exclude=incident.pk)
        assert [like.story for like in found] == ([] if restricted else [TOLD])


@pytest.mark.parametrize("reason", ["void", "duplicate"])
def test_what_was_no_incident_is_no_precedent(cast: Cast, reason: str) -> None:
    over = {"duplicate_of": make.make_incident(cast.desk)} if reason == "duplicate" else {}
    incident = make.make_incident(cast.manager, what_happened=TOLD)
    Incident.objects.filter(pk=incident.pk).update(
        stage="closed", closed_at=NOW, next_due_at=None, close_reason=reason, **over
    )
    words.count_words()
    assert most_alike(TOLD) == []


def test_open_ones_have_not_ended(cast: Cast) -> None:
    make.make_incident(cast.desk, what_happened=TOLD)
    words.count_words()
    assert most_alike(TOLD) == []


@pytest.mark.parametrize("text", ["", "?!", "zzz qqq", "the", "'; --", "x" * 4000])
def test_whatever_it_says(cast: Cast, now_told: Incident, text: str) -> None:
    most_alike(text)


def test_before_any_word_was_counted(cast: Cast) -> None:
    past(cast, TOLD)
    assert most_alike(TOLD) == []


def test_of_a_restricted_one_only_for_who_may_read_it(cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety", what_happened="Slipped.")
    assert sign_in(cast.desk).get(url("recover-part", hurt, "alike")).status_code == 403
    assert sign_in(cast.manager).get(url("recover-part", hurt, "alike")).status_code == 200
    assert sign_in(cast.outsider).get(url("recover-part", hurt, "alike")).status_code == 404
