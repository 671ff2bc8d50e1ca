"""What the desk reads of its limits: how much is left, of which remedies."""

from __future__ import annotations

from decimal import Decimal

from incidents.access import Role
from incidents.models import Incident, Location, RemedyType, Staff
from incidents.models.allowing import total_of
from incidents.story.allowance import allowance, allowance_at
from incidents.story.gather import gather
from tests import make
from tests.actions.limits import limit, propose
from tests.make import Cast


class TestAllowance:
    """What the desk reads: how much is left."""

    def words(self, incident: Incident, by: Staff) -> str:
        found = allowance(by, incident, gather(incident))
        return found.words if found else ""

    def test_it_says_nothing_without_a_limit(self, cast: Cast, incident: Incident) -> None:
        limit(50, role=Role.MANAGER)
        assert allowance(cast.desk, incident, gather(incident)) is None
        assert allowance_at(cast.desk, cast.here) is None

    def test_what_is_left(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        assert self.words(incident, cast.desk) == "Up to 50.00 USD without asking."
        propose(incident, cast.desk, 20)
        said = "Up to 30.00 USD more without asking; 20.00 USD is given or offered so far."
        assert self.words(incident, cast.desk) == said
        propose(incident, cast.manager, 100)
        said = "Everything you give now needs a yes; 120.00 USD is given or offered so far."
        assert self.words(incident, cast.desk) == said

    def test_types_with_another_limit_are_named(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        limit(10, kind="gift_card", location=cast.here)
        limit(None, kind="refund")
        found = allowance(cast.desk, incident, gather(incident))
        assert found is not None
        labels = {make.remedy_type(key).label: key for key in ("gift_card", "refund")}
        assert {labels[label]: words for label, words in found.exceptions} == {
            "gift_card": "Up to 10.00 USD without asking",
            "refund": "As much as it takes",
        }
        assert found.of(make.remedy_type("refund").pk) is None

    def test_two_currencies(self, cast: Cast, incident: Incident) -> None:
        limit(50)
        propose(incident, cast.desk, 10)
        Location.objects.filter(pk=cast.here.pk).update(currency="EUR")
        again = Incident.objects.get()
        assert "two currencies" in self.words(again, cast.desk)

    def test_before_anything_is_logged(self, cast: Cast) -> None:
        limit(50, location=cast.here)
        found = allowance_at(cast.desk, cast.here)
        assert found is not None
        assert found.words == "Up to 50.00 USD without asking."
        assert allowance_at(cast.outsider, cast.elsewhere) is None

    def test_it_costs_the_page_no_statement_of_its_own(
        self, cast: Cast, incident: Incident, django_assert_num_queries: object
    ) -> None:
        limit(50)
        rows = gather(incident)
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert allowance(cast.desk, incident, rows) is not None


def test_an_amount_is_what_every_path_counts(cast: Cast, incident: Incident) -> None:
    """SQL and Python agree on what each remedy counts."""
    RemedyType.objects.filter(key="upgrade").update(typical_amount=7)
    propose(incident, cast.desk, "12.50")
    propose(incident, cast.desk, None, kind="upgrade")
    propose(incident, cast.desk, None, kind="put_right")
    make.give(incident, cast.desk, "refund", estimated_amount=Decimal(90), actual_amount=Decimal(80))
    limit(1_000)
    found = allowance(cast.desk, incident, gather(incident))
    assert found is not None
    assert found.given.amount == total_of(incident).amount == Decimal("99.50")
