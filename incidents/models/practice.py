"""Practice: what would you have done? Answers that nobody can trace to whoever wrote them."""

from __future__ import annotations

import uuid
from secrets import SystemRandom
from typing import ClassVar

from django.db import models
from django.urls import reverse

from incidents import access
from incidents.models.base import SHORT, STORY, within_bounds
from incidents.models.catalogue import Category
from incidents.models.incident import Incident
from incidents.models.staff import Location, Staff

SHOWN_FROM = 3  # answers
MOST_ANSWERS = 200  # to one story: each of them is written anew with every other
MOST_WORDS = 1000  # of one answer
FEW = 6  # with fewer people than this at a place, the style of an answer may say whose it is


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, staff: Staff) -> ScenarioQuerySet:
        """Published ones of every place; unpublished ones of those who may write them, at their places.

        Of an incident that has become restricted only for those of them who may see that.
        """
        for_all = models.Q(incident=None) | models.Q(incident__is_restricted=False)
        if not staff.is_manager or not (staff.sees_all or staff.location_ids):
            return self.filter(for_all, published_at__isnull=False)
        seen = self.filter(for_all | models.Q(access.SeenThrough(staff, "incident")))
        if staff.sees_all:
            return seen
        return seen.filter(models.Q(published_at__isnull=False) | models.Q(location__in=staff.location_ids))

    def published(self) -> ScenarioQuerySet:
        return self.filter(published_at__isnull=False)

    def taking_answers(self) -> ScenarioQuerySet:
        return self.published().filter(closed_at__isnull=True).exclude(incident__is_restricted=True)


class Scenario(models.Model):
    """A story without names, days, places and ending. `incident` is where it came from, for managers of its place."""

    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="scenarios")
    location = models.ForeignKey(Location, models.PROTECT, related_name="scenarios")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=SHORT)
    story = models.CharField(max_length=STORY)
    question = models.CharField(max_length=STORY)
    ending = models.CharField(max_length=STORY)
    best_answer = models.CharField(max_length=STORY, blank=True, default="", db_default="")  # as the group put it
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # answers are no longer taken
    submit_key = models.UUIDField(unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            within_bounds("scenario", "created_at", "published_at", "closed_at"),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(story="") & ~models.Q(ending=""), name="scenario_tells_all"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("scenario-show", args=[self.pk])

    @property
    def takes_answers(self) -> bool:
        return self.published_at is not None and self.closed_at is None and not self.is_for_few

    @property
    def is_for_few(self) -> bool:
        """What it was made of has become restricted."""
        return self.incident is not None and self.incident.is_restricted

    def shown(self) -> list[PracticeAnswer]:
        """From the third answer on, each time in another order; none before. One query."""
        answers = list(PracticeAnswer.objects.filter(scenario=self.pk))
        SystemRandom().shuffle(answers)
        return answers if len(answers) >= SHOWN_FROM else []

    def shown_answers(self) -> list[str]:
        """The same as words."""
        return [answer.words for answer in self.shown()]


class PracticeAnswer(models.Model):
    """Words, and nothing else: no author, no time, no number that counts up. See docs/practice.md."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="answers")
    words = models.CharField(max_length=STORY)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(words=""), name="practiceanswer_says_something")
        ]

    def __str__(self) -> str:
        return self.words[:40]
