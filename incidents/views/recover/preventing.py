"""What will change so that it does not happen again: an idea by anybody, a commitment by a manager."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from incidents.actions import prevention
from incidents.board.change_words import STRONGER
from incidents.forms.changes import PreventForm
from incidents.models import PreventionAction
from incidents.views.recover.page import DeskPage, act


@act
def prevent(page: DeskPage) -> HttpResponse:
    page.check()
    form = page.form("prevent")
    if isinstance(form, PreventForm) and form.is_idea:
        words = _("Noted. A manager decides whether somebody does it.")
        return page.submit(form, prevention.note_idea, lambda done: words, incident_id=page.incident.pk)

    def said(done: PreventionAction) -> str:
        agreed = _("Agreed: %(who)s does it.") % {"who": done.assignee}
        return " ".join(filter(None, (agreed, str(STRONGER.get(done.kind, "")))))

    return page.submit(form, prevention.commit_change, said, incident_id=page.incident.pk)
