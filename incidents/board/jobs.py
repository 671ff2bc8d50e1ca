"""Long work in words: how far it is, what became of it, what went wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.board import bulk_words
from incidents.board.again import export_again_url
from incidents.models import ExportFile, Job, JobKind, JobState, LineState, Staff
from incidents.models.job import DISK_FULL, FILES_GONE, INTERRUPTED, NOT_ALLOWED

PAGE = 25
MOST_DIGITS = 18


@dataclass(frozen=True)
class JobView:
    """One job as its page and its line in the list say it. `tag` changes when anything here does."""

    job: Job
    is_interrupted: bool
    counts: Mapping[str, int] = field(default_factory=dict)  # of many incidents: how many are in each state
    is_given_back: bool = False
    is_file_gone: bool = False

    @property
    def title(self) -> str:
        if self.job.kind == JobKind.BULK:
            return bulk_words.title_of(self.job)
        return str(self.job.get_kind_display())

    @property
    def refused(self) -> int:
        return self.counts.get(LineState.REFUSED, 0)

    @property
    def doing(self) -> str:
        """What is being done, and of how many, where it stands beside what asked for it."""
        job, words = self.job, {"number": intcomma(self.job.total)}
        if job.kind == JobKind.RELAY_LADDERS:
            told = ngettext(
                "Setting the reminders of %(number)s open recovery anew",
                "Setting the reminders of %(number)s open recoveries anew",
                job.total,
            )
            return told % words
        if job.kind != JobKind.RECKON_CLOCKS:
            return self.title
        told = ngettext(
            "Working out the deadlines of %(number)s open recovery anew",
            "Working out the deadlines of %(number)s open recoveries anew",
            job.total,
        )
        return told % words

    @property
    def tag(self) -> str:
        job = self.job
        facts = (job.state, job.done, job.tries, job.last_error, job.cancel_asked_at is not None, self.is_interrupted)
        return "-".join(map(str, facts)).replace(" ", "")

    @property
    def can_stop(self) -> bool:
        return not self.job.is_over and self.job.cancel_asked_at is None

    @property
    def can_retry(self) -> bool:
        return self.job.can_go_on and not self.is_given_back

    @property
    def was_stopped(self) -> bool:
        """By somebody, on purpose: what is left is the rest, not a fault."""
        return self.job.state == JobState.CANCELLED

    @property
    def state(self) -> str:
        job = self.job
        if job.state == JobState.CANCELLED:
            return _("Stopped")
        if job.is_over:
            return str(job.get_state_display())
        if job.cancel_asked_at is not None:
            return _("Stopping")
        if job.state == JobState.CLAIMED:
            return _("Interrupted, goes on by itself") if self.is_interrupted else _("At work")
        return self._waits_for

    @property
    def _waits_for(self) -> str:
        if self.job.last_error:
            return _("Will be tried again")
        return _("Waiting to go on") if self.job.done else _("Waiting to begin")

    @property
    def result(self) -> str:
        """What became of it; nothing while it goes on."""
        job, words = self.job, {"done": intcomma(self.job.done), "total": intcomma(self.job.total)}
        if job.state == JobState.DONE:
            return self._made
        if job.state == JobState.CANCELLED and job.kind == JobKind.EXPORT:
            return _("Stopped after %(done)s of %(total)s. There is no file.") % words
        if job.state == JobState.CANCELLED:
            return _("Stopped after %(done)s of %(total)s. What was done stays.") % words
        if job.state == JobState.FAILED and job.last_error in _ENDED:
            return str(_ENDED[job.last_error])
        if job.state == JobState.FAILED:
            return _("Given up after %(done)s of %(total)s. What was done stays.") % words
        return ""

    @property
    def _made(self) -> str:
        if self.is_file_gone:
            return _("The file was removed. The list can be made again.")
        return bulk_words.result_of(self.job, self.counts) if self.job.kind == JobKind.BULK else _made(self.job)

    @property
    def file(self) -> ExportFile | None:
        """What an export wrote; its job was read with it (`select_related`)."""
        return getattr(self.job, "export", None) if self.job.kind == JobKind.EXPORT else None

    @property
    def again_url(self) -> str:
        """Where the same list can be asked for again: its file is gone, or was never finished. Empty else."""
        has_ended = self.job.state in (JobState.FAILED, JobState.CANCELLED) and not self.can_retry
        is_ours = self.job.kind == JobKind.EXPORT and (self.is_file_gone or has_ended)
        return export_again_url(self.job.options) if is_ours else ""

    @property
    def took(self) -> str:
        """From the first slice to the end; nothing before that."""
        job = self.job
        if job.started_at is None or job.finished_at is None:
            return ""
        seconds = round((job.finished_at - job.started_at).total_seconds())
        if seconds < 1:
            return _("less than a second")
        if seconds < 120:
            return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
        return timesince(job.started_at, job.finished_at)

    @property
    def error(self) -> str:
        name = self.job.last_error
        if not name:
            return ""
        if name == INTERRUPTED:
            return _("The last try was cut off: the program that did it ended, or took too long.")
        return _("The last try stopped with an error: %(name)s. The log of the worker says more.") % {"name": name}


_ENDED = {
    DISK_FULL: gettext_lazy("There was no room for the file. Nothing of it was left. Make room, then export it again."),
    FILES_GONE: gettext_lazy("What had been written of it is not there any more. Export it again."),
    NOT_ALLOWED: gettext_lazy("Whoever asked for it may not see this list any more. Nothing of it was left."),
}


def _made(job: Job) -> str:
    words = {
        JobKind.DEMO_INCIDENTS: ngettext(
            "%(number)s demo incident was made.", "%(number)s demo incidents were made.", job.total
        ),
        JobKind.RECKON_CLOCKS: ngettext(
            "The deadlines of %(number)s open recovery were worked out anew.",
            "The deadlines of %(number)s open recoveries were worked out anew.",
            job.total,
        ),
        JobKind.RELAY_LADDERS: ngettext(
            "The reminders of %(number)s open recovery were set anew.",
            "The reminders of %(number)s open recoveries were set anew.",
            job.total,
        ),
        JobKind.FIND_RESEMBLANCES: ngettext(
            "%(number)s customer was compared with the others.",
            "%(number)s customers were compared with the others.",
            job.total,
        ),
        JobKind.EXPORT: ngettext(
            "The file with %(number)s row is ready.", "The file with %(number)s rows is ready.", job.total
        ),
    }
    return words[JobKind(job.kind)] % {"number": intcomma(job.total)}


def view_of(
    job: Job, *, now: dt.datetime, counts: Mapping[str, int] | None = None, is_given_back: bool = False
) -> JobView:
    is_left = job.state == JobState.CLAIMED and job.lease_until is not None and job.lease_until < now
    file = getattr(job, "export", None) if job.kind == JobKind.EXPORT else None
    is_gone = file is not None and (file.removed_at is not None or file.expires_at <= now)
    view = JobView(job, is_interrupted=is_left, counts=counts or {}, is_given_back=is_given_back)
    return replace(view, is_file_gone=is_gone)


@dataclass(frozen=True)
class JobPage:
    """Up to PAGE jobs, the newest first, and the numbers that lead on."""

    lines: list[JobView]
    newer: str = ""
    older: str = ""


def jobs_of(staff: Staff, *, now: dt.datetime, after: str = "", before: str = "") -> JobPage:
    """One's own, an administrator's everybody's; one statement."""
    rows = Job.objects.visible_to(staff).select_related("asked_by")
    back, on = _number(before), _number(after)
    if back:
        found = list(rows.filter(pk__gt=back).order_by("pk")[: PAGE + 1])
    else:
        found = list((rows.filter(pk__lt=on) if on else rows).order_by("-pk")[: PAGE + 1])
    has_more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    return JobPage(
        lines=[view_of(job, now=now) for job in found],
        newer=str(found[0].pk) if found and (has_more if back else on) else "",
        older=str(found[-1].pk) if found and (back or has_more) else "",
    )


def _number(cursor: str) -> int:
    """0 for what is no number of ours: the list begins at the first page."""
    return int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) <= MOST_DIGITS else 0
