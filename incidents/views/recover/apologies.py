"""The apology."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import apologies
from incidents.models import Apology
from incidents.views.recover.page import DeskPage, act


@act
def apologize(page: DeskPage) -> HttpResponse:
    page.check()
    return page.submit(page.form("apology"), apologies.record_apology, _apology_words, incident_id=page.incident.pk)


def _apology_words(apology: Apology) -> str:
    return _("Apology recorded.") if apology.made_at else _("Recorded: it counts when the delivery does.")
