"""A file and its row come together and go together."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from pytest_django.fixtures import Settings

from incidents import uploads
from incidents.actions import attach, remedies
from incidents.actions.refusals import Refused
from incidents.models import Attachment, Event, Incident, Remedy
from incidents.vocabulary import RemedyState, Stage
from tests import make
from tests.pictures import PDF, photo


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def incident(cast: make.Cast) -> Incident:
    return make.make_incident(cast.desk)


def on_disk(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def checked(content: bytes = PDF, name: str = "receipt.pdf") -> uploads.CheckedFile:
    return uploads.check(SimpleUploadedFile(name, content))


def add(incident: Incident, cast: make.Cast, **over: Any) -> Attachment:
    fields: dict[str, Any] = {"now": make.NOW, "kind": "photo", "file": checked(photo(), "shower.jpg")}
    return attach.attach_file(incident_id=incident.pk, by=cast.desk, **fields | over)


def test_a_photo_is_stored_with_its_row_and_event(incident: Incident, cast: make.Cast, media: Path) -> None:
    photo_row = add(incident, cast)
    assert (photo_row.original_name, photo_row.content_type) == ("shower.jpg", "image/jpeg")
    assert on_disk(media) == [uploads.place_of(photo_row.stored_name)]
    event = Event.objects.get(incident=incident, kind="file_added")
    assert (event.subject_id, event.by, event.codes) == (photo_row.pk, cast.desk, {"file": "photo"})
    assert "shower.jpg" not in str(event.codes)


def test_the_same_file_sent_twice_is_there_once(incident: Incident, cast: make.Cast, media: Path) -> None:
    assert add(incident, cast) == add(incident, cast)
    assert Attachment.objects.count() == len(on_disk(media)) == 1
    assert Event.objects.filter(kind="file_added").count() == 1


def test_a_closed_recovery_still_takes_files(incident: Incident, cast: make.Cast) -> None:
    make.apologize(incident, cast.desk)
    make.give(incident, cast.desk)
    assert make.call(incident, cast.desk).stage == Stage.CLOSED
    assert add(incident, cast).pk


def reimburse(incident: Incident, cast: make.Cast) -> Remedy:
    return make.give(incident, cast.desk, "reimburse", what="Lavalier mic", is_delivered=False)


def test_the_receipt_lets_a_reimbursement_be_paid(incident: Incident, cast: make.Cast) -> None:
    remedy = reimburse(incident, cast)
    paid: dict[str, Any] = {"actual_amount": 49, "paid_on": make.NOW.date(), "now": make.NOW}
    with pytest.raises(Refused, match="receipt is not here yet"):
        remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, **paid)
    add(incident, cast, file=checked(), kind="receipt", remedy=remedy)
    remedies.deliver_remedy(remedy_id=remedy.pk, by=cast.desk, **paid)
    remedy.refresh_from_db()
    assert remedy.state == RemedyState.DELIVERED


def test_a_receipt_for_another_incidents_remedy_is_refused(incident: Incident, cast: make.Cast, media: Path) -> None:
    foreign = reimburse(make.make_incident(cast.desk), cast)
    with pytest.raises(Refused, match="another incident"):
        add(incident, cast, kind="receipt", remedy=foreign)
    assert on_disk(media) == []
    assert not Attachment.objects.exists()


def test_a_receipt_for_what_needs_none_is_refused(incident: Incident, cast: make.Cast, media: Path) -> None:
    with pytest.raises(Refused, match="no receipt"):
        add(incident, cast, kind="receipt", remedy=make.give(incident, cast.desk))
    assert on_disk(media) == []


def test_an_incident_holds_only_so_many_files(
    incident: Incident, cast: make.Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach, "MAX_FILES", 1)
    add(incident, cast)
    with pytest.raises(Refused, match="as many files"):
        add(incident, cast, file=checked())
    assert len(on_disk(media)) == 1


def test_without_room_on_the_disk_there_is_no_row(incident: Incident, cast: make.Cast, settings: Settings) -> None:
    blocked = Path(settings.MEDIA_ROOT) / "blocked"
    blocked.write_text("not a folder")
    settings.MEDIA_ROOT = blocked
    with pytest.raises(uploads.NotStored):
        add(incident, cast)
    assert not Attachment.objects.exists()
    assert not Event.objects.filter(kind="file_added").exists()


@pytest.fixture
def database_that_refuses(incident: Incident) -> None:
    """A real refusal by PostgreSQL, at the last write of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incidents_event ADD CONSTRAINT refuse_files CHECK (kind <> 'file_added')")


@pytest.mark.usefixtures("database_that_refuses")
def test_when_the_row_fails_the_file_goes(incident: Incident, cast: make.Cast, media: Path) -> None:
    with pytest.raises(DatabaseError):
        add(incident, cast)
    assert on_disk(media) == []
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("database_that_refuses")
def test_control_without_the_guard_the_file_would_stay(
    incident: Incident, cast: make.Cast, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attach, "_discard_unless_saved", lambda stored_name: None)
    with pytest.raises(DatabaseError):
        add(incident, cast)
    assert len(on_disk(media)) == 1


def test_a_file_whose_row_was_saved_after_all_stays(incident: Incident, cast: make.Cast, media: Path) -> None:
    saved = add(incident, cast)
    attach._discard_unless_saved(saved.stored_name)
    assert len(on_disk(media)) == 1


def test_files_left_by_a_killed_process_are_tidied_away(incident: Incident, cast: make.Cast, media: Path) -> None:
    known = add(incident, cast)
    orphan, young = uploads.keep(checked()), uploads.keep(checked())
    (media / "ab").mkdir(exist_ok=True)
    half = media / "ab" / "half.part"
    half.write_bytes(b"x")
    old = make.NOW.timestamp() - 2 * 3600
    for path in (media / known.stored_name, media / orphan, half):
        os.utime(path, (old, old))
    os.utime(media / young, (make.NOW.timestamp(),) * 2)
    assert attach.remove_orphans(now=make.NOW) == 2
    assert {path.relative_to(media).as_posix() for path in on_disk(media)} == {known.stored_name, young}
