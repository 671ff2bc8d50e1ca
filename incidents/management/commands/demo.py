"""`manage.py demo`: fill an empty database with the demo."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from incidents.demo.cast import BUSINESS, assemble
from incidents.demo.everyday import EVERYDAY
from incidents.demo.scene import play
from incidents.demo.stories import STORIES
from incidents.models import Business, Incident, Staff


class Command(BaseCommand):
    help = "Fill an empty database with a hotel and an office-supplies shop, and two weeks of incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            type=_moment,
            metavar="DATE",
            help="the demo's present, like 2026-03-04 or 2026-03-04T15:00+00:00; default: now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's passwords are public: production refuses it.")
        with transaction.atomic():
            _refuse_when_lived_in()
            play(assemble(options["as_of"] or timezone.now()), [*STORIES, *EVERYDAY])
        self.stdout.write(f"The demo is ready: {Incident.objects.count()} incidents at {BUSINESS}.")


def _refuse_when_lived_in() -> None:
    if Business.objects.filter(name=BUSINESS).exists():
        raise CommandError("The demo is already here. Nothing was changed.")
    if Business.objects.exists() or Staff.objects.exists():
        raise CommandError("This database belongs to a business, so the demo stays out. Nothing was changed.")


def _moment(words: str) -> dt.datetime:
    """A day means 15:00 UTC of it: morning at both of the demo's places. ValueError for anything else."""
    moment = dt.datetime.fromisoformat(words)
    if len(words) <= len("2026-03-04"):
        moment += dt.timedelta(hours=15)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if not 2001 <= moment.year < 2099:
        raise ValueError(words)
    return moment
