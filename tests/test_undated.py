"""Days go, the rest stays."""

from __future__ import annotations

import pytest

from incidents.undated import without_days


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("The order from Friday never came.", "The order from the other day never came."),
        ("On Saturday at 23:00 a queue stood there.", "The other day at 23:00 a queue stood there."),
        ("Booked on 12 March 2026, said March 3rd, paid 2026-03-12.",
         "Booked the other day, said the other day, paid the other day."),
        ("Since last Monday, the 2nd of March. Then 3.3.2026!", "Since the other day. Then the other day!"),
        ("In May we had 12 marchers and 3 sundaes.", "In May we had 12 marchers and 3 sundaes."),
        ("", ""),
    ],
)  # fmt: skip
def test_days_go_and_the_rest_stays(words: str, plain: str) -> None:
    assert without_days(words) == plain
