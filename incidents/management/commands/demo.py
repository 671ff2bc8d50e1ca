"""`manage.py demo`: fill an empty database with the demo."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from incidents.actions import clock, fold, words
from incidents.actions.remind import database_now
from incidents.demo.bends import BENDS
from incidents.demo.cast import BUSINESS, assemble
from incidents.demo.changes import CHANGES
from incidents.demo.everyday import EVERYDAY
from incidents.demo.generate import SLICE, generate
from incidents.demo.learning import LEARNING
from incidents.demo.needs import NEEDS
from incidents.demo.practising import PRACTISING
from incidents.demo.procedures import PROCEDURES
from incidents.demo.recurring import RECURRING
from incidents.demo.scene import play
from incidents.demo.stories import STORIES
from incidents.demo.twins import LEARNED
from incidents.demo.why import WHY
from incidents.models import Business, Incident, Staff

FEW = 300
MANY = 1_000_000


class Command(BaseCommand):
    help = "Fill an empty database with a hotel and an office-supplies shop: five stories, and a year before them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of",
            type=_moment,
            metavar="DATE",
            help="the demo's present, like 2026-03-04 or 2026-03-04T15:00+00:00; default: now",
        )
        parser.add_argument(
            "--incidents",
            type=_number,
            default=FEW,
            metavar="N",
            help=f"how many made-up incidents of the year before; default: {FEW}, 0 for the stories alone",
        )
        parser.add_argument("--seed", type=int, default=0, metavar="S", help="another number makes other incidents")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's passwords are public: production refuses it.")
        as_of, count, seed = options["as_of"] or timezone.now(), options["incidents"], options["seed"]
        is_quick = count <= SLICE
        with transaction.atomic():
            _refuse_when_lived_in()
            scene = assemble(as_of)
            if is_quick:
                # First, so that the stories have the newest references.
                generate(count=count, as_of=as_of, seed=seed)
            learning = [*CHANGES, *PROCEDURES, *PRACTISING, *LEARNING, *WHY]
            play(scene, [*STORIES, *EVERYDAY, *BENDS, *LEARNED, *RECURRING, *learning, *NEEDS])
        if not is_quick:
            generate(count=count, as_of=as_of, seed=seed, on_progress=partial(self._tell, count))
        words.count_words()
        fold.fold(slice_size=10 * SLICE, budget=None)
        clock.beat(database_now())  # its business is a year old: the clock process gets time to start all the same
        self.stdout.write(f"The demo is ready: {Incident.objects.count()} incidents at {BUSINESS}.")

    def _tell(self, count: int, done: int) -> bool:
        if done % (10 * SLICE) == 0:
            self.stdout.write(f"{done} of {count} incidents")
        return True


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
    if not 2002 <= moment.year < 2099:
        raise ValueError(words)
    return moment


def _number(words: str) -> int:
    """From none to a million. ValueError for anything else."""
    number = int(words)
    if not 0 <= number <= MANY:
        raise ValueError(words)
    return number
