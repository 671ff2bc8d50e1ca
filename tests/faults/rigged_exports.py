"""A process that writes exports and stands still where it is told, for tests only.

HALT=piece: half of the second piece is on the disk. HALT=file: the file is there, its row is not committed. RIG=append
writes each piece at once to the place where it belongs; RIG=tidy removes the pieces as soon as the file is there;
RIG=early tells of it beside the transaction that ends the job.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import django

django.setup()

from incidents.actions import exports, jobs  # noqa: E402
from incidents.exports import disk  # noqa: E402
from incidents.exports.listing import Listing  # noqa: E402
from incidents.exports.sheet import Csv, Xlsx  # noqa: E402
from incidents.models import Job, JobKind  # noqa: E402

ARENA = Path(os.environ["ARENA"])
RIG, NAME, HALT = os.environ.get("RIG", ""), os.environ["NAME"], os.environ.get("HALT", "")


def halt() -> None:
    (ARENA / f"halted-{NAME}").touch()
    while True:
        time.sleep(1)


def half_first(real: Callable[..., None]) -> Callable[..., None]:
    def piece(form: Any, out: IO[bytes], listing: Listing, rows: Sequence[Any], *, at: int) -> None:
        if HALT == "piece" and at:
            real(form, out, listing, rows[: len(rows) // 2], at=at)
            out.flush()
            halt()
        real(form, out, listing, rows, at=at)

    return piece


def write_and_halt(job: Job, first: int, count: int) -> None:
    exports.write_slice(job, first, count)
    if HALT == "file" and first + count >= job.total:
        halt()


@contextmanager
def appended(name: str) -> Iterator[IO[bytes]]:
    with (disk.folder() / name).open("ab") as out:
        yield out


Csv.piece = half_first(Csv.piece)  # type: ignore[method-assign]
Xlsx.piece = half_first(Xlsx.piece)  # type: ignore[method-assign]
jobs.register(JobKind.EXPORT, jobs.Work(write_and_halt, size=exports.SLICE))
jobs.LEASE = dt.timedelta(seconds=1.5)
if RIG == "append":
    disk.whole = appended
elif RIG == "early":
    real_tell = exports._tell_it_is_ready

    def tell_early(job: Job) -> None:
        teller = threading.Thread(target=real_tell, args=(job,))
        teller.start()
        teller.join()

    exports._tell_it_is_ready = tell_early
elif RIG == "tidy":
    exports.transaction.on_commit = lambda tidy: tidy()  # type: ignore[attr-defined]


if __name__ == "__main__":
    while True:
        jobs.work()
        time.sleep(0.05)
