"""What one may write where one asks to be told of a view."""

from __future__ import annotations

import pytest

from incidents.forms.saved import A_NUMBER, MOST_TOLD, ChoiceForm


@pytest.mark.parametrize("written", ["-1", "1001", "many", "1.5"])
def test_a_number_that_cannot_be_is_said_in_our_words(written: str) -> None:
    assert ChoiceForm({"tell_above": written}).errors["tell_above"] == [str(A_NUMBER)]
    assert str(MOST_TOLD) in str(A_NUMBER)
