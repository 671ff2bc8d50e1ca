"""Who may what, as one list: each line names the function that is asked. The page /permissions/ shows their answers.

`guards` are the addresses it stands before, by the beginning of their names; of several the longest counts.
Tests hold that every `can_…` of `access` and every guarded address is in here, and that the pages answer alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents import access
from incidents.access import administrators, desk, managers


@dataclass(frozen=True)
class Rule:
    """`asks` takes somebody of the staff, alone or with an incident, a place or a view, as it names its arguments."""

    what: LazyText
    asks: Callable[..., bool]
    guards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    title: LazyText
    rules: tuple[Rule, ...]


_DESK: Callable[..., bool] = desk.allows  # type: ignore[attr-defined]
_MANAGERS: Callable[..., bool] = managers.allows  # type: ignore[attr-defined]
_WHO_HAS_WHAT = ("open-work", "open-work-all")
_ADMINISTRATORS: Callable[..., bool] = administrators.allows  # type: ignore[attr-defined]

RULES: tuple[Section, ...] = (
    Section(
        _("Recoveries"),
        (
            Rule(_("Log a mistake, and correct what was written down"), _DESK, ("log-",)),
            Rule(
                _("Apologize, put it right, promise, call back, hand over, go back to the customer"),
                _DESK,
                ("recover-", "file-", "call-", "board", "care-"),
            ),
            Rule(_("Put something on the list for the next meeting"), _DESK, ("recover-meeting",)),
            Rule(_("Read all of a restricted one"), access.can_read_whole),
            Rule(_("Read words kept private, such as what was said to a customer"), access.can_read_private_words),
            Rule(_("Say whose fault it was"), _MANAGERS, ("recover-finding",)),
            Rule(_("Say what caused it"), _MANAGERS, ("recover-cause",)),
            Rule(_("Note what might be changed, and do what one has been given to change"), _DESK, ("prevention-",)),
            Rule(
                _("Decide what is changed, who does it and who else is told"),
                _MANAGERS,
                ("prevention-commit", "prevention-tell", "prevention-customers"),
            ),
            Rule(_("Take back that we made it worse"), _MANAGERS, ("recover-drop-second-failure",)),
            Rule(_("Decide that no remedy is due"), _MANAGERS),
            Rule(_("Close it: taken back, no contact wanted, no answer"), access.can_withdraw),
            Rule(_("Close it though the customer is not happy"), access.can_give_up),
            Rule(_("Take it off the list: logged by mistake, or twice"), access.can_void),
        ),
    ),
    Section(
        _("Money"),
        (
            Rule(_("Ask for more than one may give"), _DESK, ("approval-",)),
            Rule(_("Look at what went ahead without an answer"), _MANAGERS, ("approval-review",)),
            Rule(_("Say what may be given without asking"), _MANAGERS, ("limits",)),
        ),
    ),
    Section(
        _("People and days"),
        (
            Rule(_("Deal with what needs a manager"), _MANAGERS, ("need-",)),
            Rule(_("See who has what, and hand over everything of somebody"), _MANAGERS, _WHO_HAS_WHAT),
            Rule(_("Ask after a colleague"), _MANAGERS, ("recover-think-of",)),
            Rule(_("Say who stands in while away"), _MANAGERS, ("profile-away",)),
            Rule(_("See reminders and mails, and send them again"), _MANAGERS, ("delivery-",)),
            Rule(
                _("Keep all mail in the house, and let it go"), _ADMINISTRATORS, ("delivery-hold", "delivery-release")
            ),
            Rule(_("See what happens again and again, and look into it"), _MANAGERS, ("pattern-",)),
            Rule(_("See the numbers, and the rows behind them"), _MANAGERS, ("numbers",)),
        ),
    ),
    Section(
        _("Meetings"),
        (
            Rule(_("See meetings, and put something on the agenda"), _DESK, ("learn", "meeting-", "agenda-")),
            Rule(
                _("Run a meeting, and put its agenda in order"),
                access.can_run_meeting,
                (
                    *(f"agenda-{act}" for act in ("fill", "up", "down", "remove", "later")),
                    *("meeting-minutes-correct", "meeting-minutes-draft", "meeting-names"),
                    *(f"meeting-{act}" for act in ("begin", "go", "write", "review", "end")),
                    "item-",
                ),
            ),
            Rule(_("Go through a mistake without a meeting"), access.can_set_up, ("review-",)),
            Rule(
                _("Call meetings, and end them, at their places"),
                _MANAGERS,
                ("meeting-new", "meeting-series", "meeting-change", "meeting-cancel"),
            ),
            Rule(_("Say thanks, and whether one may be named"), _DESK, ("thanks-",)),
            Rule(_("Read how we do things, and say so"), _DESK, ("procedure-",)),
            Rule(
                _("Write it anew, and say that it is still true"),
                access.can_write_procedure,
                ("procedure-write", "procedure-true"),
            ),
            Rule(
                _("Begin a procedure, say who keeps it true, retire it"),
                _MANAGERS,
                tuple(f"procedure-{act}" for act in ("new", "about", "retire", "restore")),
            ),
            Rule(_("Read stories to practise on, and answer them"), _DESK, ("practice", "scenario-")),
            Rule(
                _("Make a story of a recovery that is over, let people answer, put the best into the playbook"),
                _MANAGERS,
                tuple(f"scenario-{act}" for act in ("new", "change", "publish", "close", "open", "best", "remove")),
            ),
        ),
    ),
    Section(
        _("Lists"),
        (
            Rule(_("Change many recoveries at once"), _DESK, ("bulk",)),
            Rule(_("Save views, and take lists along as files"), _DESK, ("view-", "export")),
            Rule(_("Change, share or delete a view"), access.can_change_view),
            Rule(_("Take the list of customers along as a file"), access.can_export_customers),
        ),
    ),
    Section(
        _("Customers"),
        (
            Rule(_("Find, add and change customers and companies"), _DESK, ("customer-", "account-")),
            Rule(_("Put two together that are one"), _MANAGERS, ("customer-merge", "merge-", "resemblance-")),
        ),
    ),
    Section(
        _("Setting up"),
        (
            Rule(_("See the catalogue"), _MANAGERS, ("catalogue", "category-", "remedy-", "playbook-", "delays")),
            Rule(_("See why mistakes happen"), _MANAGERS, ("cause-list",)),
            Rule(_("Add, rename, move and retire causes"), _ADMINISTRATORS, ("cause-",)),
            Rule(_("See and set hours, targets and ladders"), _MANAGERS, ("hours", "targets", "ladders")),
            Rule(_("Say how a place differs"), access.can_set_up),
            Rule(
                _("Add, move and retire kinds of mistakes and what they ask"),
                _ADMINISTRATORS,
                ("question-", *(f"category-{act}" for act in ("new", "field", "up", "down", "retire", "restore"))),
            ),
            Rule(
                _("Add, move and turn off remedies"),
                _ADMINISTRATORS,
                tuple(f"remedy-{act}" for act in ("new", "up", "down", "off", "on")),
            ),
            Rule(
                _("Add people, change what they may, let them go; add places"), _ADMINISTRATORS, ("staff-", "location-")
            ),
            Rule(_("Set up what holds for the whole business"), access.can_administer, ("job-demo",)),
        ),
    ),
    Section(
        _("What is written down"),
        (Rule(_("Opening a restricted one they have no part in leaves a line in it"), access.is_reading_noted),),
    ),
)


def rule_of(name: str) -> Rule | None:
    """The rule that stands before the address called so."""
    fitting = [
        (len(guard), rule)
        for section in RULES
        for rule in section.rules
        for guard in rule.guards
        if name.startswith(guard)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
