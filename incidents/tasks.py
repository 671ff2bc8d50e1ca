"""What Celery rings for. Each task delegates to one action and may run twice without harm."""

from __future__ import annotations

from celery import shared_task

from incidents.actions import (
    attach,
    clock,
    exports,
    fold,
    jobs,
    practice,
    prevention,
    remind,
    view_news,
    wanted,
    watch,
    words,
)


@shared_task(name="incidents.sweep_reminders")
def sweep_reminders() -> int:
    return clock.ring()


@shared_task(name="incidents.work_on_jobs")
def work_on_jobs() -> int:
    return jobs.work()


@shared_task(name="incidents.remove_orphan_files")
def remove_orphan_files() -> int:
    return attach.remove_orphans(now=remind.database_now())


@shared_task(name="incidents.remove_exports")
def remove_exports() -> int:
    return exports.remove_expired(now=remind.database_now())


@shared_task(name="incidents.keep_words")
def keep_words() -> bool:
    return words.keep_words()


@shared_task(name="incidents.watch_patterns")
def watch_patterns() -> int:
    return watch.keep_watch()


@shared_task(name="incidents.tell_of_views")
def tell_of_views() -> int:
    return view_news.tell_of_views()


@shared_task(name="incidents.check_changes")
def check_changes() -> int:
    return prevention.keep_checking()


@shared_task(name="incidents.keep_meetings")
def keep_meetings() -> int:
    return wanted.keep_meetings()


@shared_task(name="incidents.mix_answers")
def mix_answers() -> int:
    return practice.keep_mixing()


@shared_task(name="incidents.fold_facts")
def fold_facts() -> int:
    return fold.fold()
