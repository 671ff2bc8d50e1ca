"""We made it worse: noted with the words used, taken back, and somebody else proposed."""

from __future__ import annotations

from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url

WORDS = "Nobody else has ever complained."


def test_the_words_are_for_managers_and_somebody_else_is_proposed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(url("recover-second-failure", incident), {"words": WORDS}, follow=True)
    page = text_of(answer)
    assert "Somebody else should talk to them from here." in page
    assert '<details class="more" id="hand-over" open>' in page
    assert WORDS not in page
    assert WORDS in text_of(sign_in(cast.manager).get(incident.get_absolute_url()))
    incident.refresh_from_db()
    assert incident.is_second_failure


def test_handed_over_it_is_proposed_no_more(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    client.post(url("recover-second-failure", incident))
    client.post(url("recover-hand-over", incident), {"to": cast.colleague.pk})
    assert "Somebody else should talk to them" not in text_of(client.get(incident.get_absolute_url()))


def test_a_manager_takes_it_back(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    sign_in(cast.desk).post(url("recover-second-failure", incident), {"words": WORDS})
    there = url("recover-drop-second-failure", incident)
    assert sign_in(cast.desk).post(there).status_code == 403
    page = text_of(sign_in(cast.manager).post(there, follow=True))
    assert "Taken back: we did not make it worse" in page
    assert WORDS not in page


def test_the_category_says_so_by_itself(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk, category="in_the_wrong")
    page = text_of(sign_in(cast.manager).get(incident.get_absolute_url()))
    assert "We made it worse for them" in page
    answer = sign_in(cast.manager).post(url("recover-drop-second-failure", incident))
    assert answer.status_code == 409
    assert "What kind of mistake it was says so." in text_of(answer)


def test_what_is_too_long_stays_typed(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    answer = sign_in(cast.desk).post(url("recover-second-failure", incident), {"words": "x" * 3000})
    assert answer.status_code == 422
    assert "x" * 3000 in text_of(answer)


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    restricted = make.make_incident(cast.desk, category="safety")
    for name in ("recover-second-failure", "recover-drop-second-failure"):
        hold(cast, sign_in, name, make.make_incident(cast.desk))
        assert sign_in(cast.desk).post(url(name, restricted)).status_code == 403
