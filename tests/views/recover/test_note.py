"""A note on an incident."""

from __future__ import annotations

from uuid import uuid4

from tests import make
from tests.make import Cast
from tests.views.recover.rules import SignIn, hold, text_of, url


def test_it_works_once(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    asked = {"words": "She comes by at <noon>.", "submit_key": uuid4()}
    client = sign_in(cast.desk)
    page = text_of(client.post(url("recover-note", incident), asked, follow=True))
    assert "She comes by at &lt;noon&gt;." in page
    client.post(url("recover-note", incident), asked)
    assert incident.notes.count() == 1


def test_bad_input(cast: Cast, sign_in: SignIn) -> None:
    incident = make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    assert client.post(url("recover-note", incident), {"words": " ", "submit_key": uuid4()}).status_code == 422
    answer = client.post(url("recover-note", incident), {"words": "Kept words", "submit_key": "no key"})
    assert answer.status_code == 422
    assert "Kept words" in text_of(answer)
    assert client.post(url("recover-note", incident), {"words": "a\x00b", "submit_key": uuid4()}).status_code == 422


def test_rules(cast: Cast, sign_in: SignIn) -> None:
    hold(cast, sign_in, "recover-note", make.make_incident(cast.desk))
    restricted = make.make_incident(cast.desk, category="safety")
    assert sign_in(cast.desk).post(url("recover-note", restricted)).status_code == 403


def test_a_key_that_made_something_elsewhere_is_refused(cast: Cast, sign_in: SignIn) -> None:
    key = uuid4()
    first, second = make.make_incident(cast.desk), make.make_incident(cast.desk)
    client = sign_in(cast.desk)
    kinds: tuple[tuple[str, dict[str, object]], ...] = (
        ("recover-note", {"words": "A"}),
        ("recover-apologize", {"channel": "phone"}),
        ("recover-remedy", {"type": make.remedy_type("redo").pk}),
        ("recover-promise", {"what": "A", "due_at": "2027-01-05T10:00"}),
    )
    for name, asked in kinds:
        assert client.post(url(name, first), asked | {"submit_key": key}).status_code == 302
        assert client.post(url(name, second), asked | {"submit_key": key}).status_code == 409
