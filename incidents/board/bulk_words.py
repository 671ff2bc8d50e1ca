"""Long work on many recoveries in words: what is done, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import ngettext

from incidents.models import BulkAct, Job, LineState


def title_of(job: Job) -> str:
    number, words = job.total, {"number": intcomma(job.total)}
    said = {
        BulkAct.REASSIGN: ngettext("Hand %(number)s recovery over", "Hand %(number)s recoveries over", number),
        BulkAct.REMIND: ngettext("Remind of %(number)s recovery", "Remind of %(number)s recoveries", number),
        BulkAct.MEETING: ngettext(
            "%(number)s recovery for the next meeting", "%(number)s recoveries for the next meeting", number
        ),
        BulkAct.CLOSE: ngettext(
            "Close %(number)s recovery nobody answered", "Close %(number)s recoveries nobody answered", number
        ),
        BulkAct.GIVE_BACK: ngettext("Give %(number)s recovery back", "Give %(number)s recoveries back", number),
    }
    return said[BulkAct(job.options["act"])] % words


def result_of(job: Job, counts: Mapping[str, int]) -> str:
    """ "131 handed over. 4 refused. 2 had nothing to do." """
    done = counts.get(LineState.DONE, 0)
    said = {
        BulkAct.REASSIGN: ngettext("%(number)s was handed over.", "%(number)s were handed over.", done),
        BulkAct.REMIND: ngettext(
            "Whoever has it was reminded of %(number)s.", "Whoever has them was reminded of %(number)s.", done
        ),
        BulkAct.MEETING: ngettext(
            "%(number)s is on the list of the next meeting now.",
            "%(number)s are on the list of the next meeting now.",
            done,
        ),
        BulkAct.CLOSE: ngettext("%(number)s was closed.", "%(number)s were closed.", done),
        BulkAct.GIVE_BACK: ngettext("%(number)s was given back.", "%(number)s were given back.", done),
    }
    parts = [said[BulkAct(job.options["act"])] % {"number": intcomma(done)}]
    if refused := counts.get(LineState.REFUSED, 0):
        words = ngettext("%(number)s was refused: see why.", "%(number)s were refused: see why.", refused)
        parts.append(words % {"number": intcomma(refused)})
    if skipped := counts.get(LineState.SKIPPED, 0):
        words = ngettext("There was nothing to do for %(number)s.", "There was nothing to do for %(number)s.", skipped)
        parts.append(words % {"number": intcomma(skipped)})
    return " ".join(parts)
