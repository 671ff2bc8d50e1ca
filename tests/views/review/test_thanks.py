"""Thanks: said, asked for, answered, and named only with consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from incidents.actions import thanks as acts
from incidents.actions.refusals import NotYours, Refused
from incidents.models import Consent, Meeting, Notice, Thanks
from incidents.models.agenda import thanks_to_say
from tests import make
from tests.make import NOW, Cast

SignIn = Callable[..., Client]


def give(cast: Cast, **over: Any) -> Thanks:
    fields: dict[str, Any] = {"location": cast.here, "staff": cast.desk, "words": "Stayed until midnight."}
    if "name" in over:
        fields["staff"] = None
    return acts.give_thanks(now=NOW, submit_key=uuid4(), **{"by": cast.manager} | fields | over)


def test_they_are_asked_and_named_only_when_they_agree(cast: Cast, sign_in: SignIn) -> None:
    thanks = give(cast, minutes=95)
    assert Notice.objects.get(recipient=cast.desk, kind="thanks_asked").subject_id == thanks.pk
    assert thanks_to_say(cast.here.pk) == []
    colleague, address = sign_in(cast.colleague), reverse("thanks-list")
    assert "midnight" not in colleague.get(address).content.decode()
    desk, answer = sign_in(cast.desk), reverse("thanks-answer", args=[thanks.pk])
    assert desk.get(answer).status_code == 200
    assert desk.post(answer, {"consent": "asked"}).status_code == 422
    assert desk.post(answer, {"consent": "unnamed"}).status_code == 302
    page = colleague.get(address).content.decode()
    assert "midnight" in page
    assert "Dora" not in page
    desk.post(answer, {"consent": "named"})
    assert "Dora Desk" in colleague.get(address).content.decode()
    assert thanks_to_say(cast.here.pk) == [thanks]


def test_only_whoever_is_thanked_answers_and_not_after_it_was_said(cast: Cast, sign_in: SignIn) -> None:
    thanks = give(cast)
    with pytest.raises(NotYours):
        acts.answer_thanks(thanks_id=thanks.pk, consent=Consent.NAMED, by=cast.manager, now=NOW)
    assert sign_in(cast.manager).get(reverse("thanks-answer", args=[thanks.pk])).status_code == 403
    assert sign_in(cast.outsider).get(reverse("thanks-answer", args=[thanks.pk])).status_code == 404
    acts.answer_thanks(thanks_id=thanks.pk, consent=Consent.NAMED, by=cast.desk, now=NOW)
    meeting = Meeting.objects.create(
        location=cast.here,
        starts_at=NOW,
        facilitator=cast.manager,
        created_at=NOW,
        created_by=cast.manager,
        submit_key=uuid4(),
    )
    assert acts.mark_said(meeting) == 1
    with pytest.raises(Refused, match="already"):
        acts.answer_thanks(thanks_id=thanks.pk, consent=Consent.NO, by=cast.desk, now=NOW)


def test_anybody_says_it_once_and_of_somebody_else(cast: Cast, sign_in: SignIn) -> None:
    client, address = sign_in(cast.desk), reverse("thanks-new")
    sent = {
        "location": cast.here.pk,
        "name": "The caretaker",
        "may_name": "on",
        "words": "Came in on his day off.",
        "submit_key": str(uuid4()),
    }
    assert client.get(address).status_code == 200
    for _turn in range(2):
        assert client.post(address, sent)["Location"] == reverse("thanks-list")
    assert Thanks.objects.get().consent == Consent.NAMED
    both = client.post(address, sent | {"staff": cast.manager.pk, "submit_key": str(uuid4())})
    assert both.status_code == 422
    assert "The caretaker" in both.content.decode()
    with pytest.raises(Refused):
        give(cast, by=cast.desk)


def test_thanks_for_what_few_may_know_are_never_said_before_all(cast: Cast, sign_in: SignIn) -> None:
    hurt = make.make_incident(cast.desk, category="safety")
    give(cast, name="The night nurse", may_name=True, incident=hurt, words="Quetzal held his hand.")
    assert thanks_to_say(cast.here.pk) == []
    assert "Quetzal" not in sign_in(cast.colleague).get(reverse("thanks-list")).content.decode()
    plain = make.make_incident(cast.desk)
    page = sign_in(cast.desk).get(reverse("thanks-new") + f"?incident={plain.reference}")
    assert plain.reference in page.content.decode()
    foreign = reverse("thanks-new") + f"?incident={plain.reference}"
    assert sign_in(cast.outsider).get(foreign).status_code == 404


def test_the_page_of_a_mistake_leads_to_thanks_for_it_at_its_own_place(cast: Cast, sign_in: SignIn) -> None:
    incident, desk = make.make_incident(cast.desk), sign_in(cast.desk)
    address = f"{reverse('thanks-new')}?incident={incident.reference}"
    assert address in desk.get(incident.get_absolute_url()).content.decode()
    hurt = make.make_incident(cast.desk, category="safety")
    assert reverse("thanks-new") not in sign_in(cast.manager).get(hurt.get_absolute_url()).content.decode()
    sent = {"location": cast.elsewhere.pk, "name": "The caretaker", "words": "Stayed late.", "submit_key": str(uuid4())}
    assert sign_in(cast.owner).post(address, sent).status_code == 422
    assert desk.post(address, sent | {"location": cast.here.pk}).status_code == 302
    assert Thanks.objects.get().incident == incident
