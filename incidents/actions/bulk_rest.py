"""Going on with long work on many that was stopped: what nobody has done yet, looked at again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incidents.actions import jobs
from incidents.actions.bulk import giving_back, may_do
from incidents.actions.refusals import Refused
from incidents.models import BulkAct, Job, Staff


def go_on(*, job_id: int, by: Staff, now: dt.datetime) -> Job:
    """The rest of what was stopped or given up, in the name of whoever asked for it. Each row is looked at again.

    Refused when they may not do this any more, and when what was done has been given back.
    """
    with transaction.atomic():
        job = _held(job_id, by)
        if job.can_go_on and not _may_still(job):
            raise Refused(_("%(who)s may not do this to many any more.") % {"who": job.asked_by})
        if is_given_back(job):
            raise Refused(_("What was done of it has been given back. Choose them again in the list."))
        return jobs.retry_job(job_id=job_id, by=by, now=now)


def _held(job_id: int, by: Staff) -> Job:
    """Locked: nobody else goes on with it, or gives it back, meanwhile."""
    rows = Job.objects.visible_to(by).select_related("asked_by").select_for_update(of=("self",))
    return rows.get(pk=job_id)


def _may_still(job: Job) -> bool:
    return job.asked_by.is_active and may_do(job.asked_by, BulkAct(job.options["act"]))


def is_given_back(job: Job) -> bool:
    """So that nothing is left to go on with."""
    return job.can_go_on and job.options["act"] == BulkAct.REASSIGN and giving_back(job) is not None
