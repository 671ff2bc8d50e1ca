"""Every kind of reminder and notice has its words and its picture: a page that meets one without breaks."""

from __future__ import annotations

import pytest

from incidents.board import delivery_words, notices
from incidents.ladder import Kind, Urgency
from incidents.models import Notice, NoticeKind, NoticeReason
from incidents.models.notice import OF_NO_INCIDENT
from incidents.models.notice_words import sentence, step_of, why
from tests import make
from tests.make import NOW, Cast


@pytest.mark.parametrize("kind", Kind)
def test_of_a_reminder(kind: Kind) -> None:
    assert delivery_words.ICONS[kind]
    assert kind.label


@pytest.mark.parametrize("kind", NoticeKind)
def test_of_a_notice(cast: Cast, kind: NoticeKind) -> None:
    incident = None if kind in OF_NO_INCIDENT else make.make_incident(cast.desk)
    assert notices.ICONS[kind]
    for urgency in Urgency:
        for reason in NoticeReason:
            notice = Notice(
                recipient=cast.desk, incident=incident, kind=kind, subject_id=1, reason=reason, urgency=urgency, at=NOW
            )
            assert sentence(notice, cast.desk)
            assert why(notice)
            step_of(notice)
