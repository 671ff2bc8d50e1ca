"""The figures over real complaints, written by no one here, which stay outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.nyc import check
from tests.make import ship_catalogues

FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "nyc_consumer_mediation_2016.csv"


@pytest.mark.skipif(not FILE.is_file(), reason=f"there is no {FILE.name} beside the repository")
def test_the_file_and_the_figures_are_equal(db: None) -> None:
    ship_catalogues()
    assert check(FILE) == []
