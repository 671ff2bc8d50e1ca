"""Every filter and form of the app, and what no keyboard types: read by tests/test_bad_input.py."""

from __future__ import annotations

from typing import Any

from tests.views.catalogue import addresses
from tests.views.changes import addresses as changes
from tests.views.customers import addresses as customers
from tests.views.hours import addresses as hours
from tests.views.minutes import addresses as minutes
from tests.views.patterns import addresses as patterns
from tests.views.practice import addresses as practice
from tests.views.procedures import addresses as procedures
from tests.views.review import addresses as review

# Forms that are answered on their own page when they are taken: nothing is written.
ANSWERED = {"recover-coach"}

# As they stand on the wire, percent-encoded.
NOT_TEXT = ("%00", "a%00b", "%FF%FE", "%ED%A0%80", "%C0%AF")
# Each of these once in every field at once ...
HARDEST = (
    "9" * 5000,
    "1" + "0" * 30,
    "NaN",
    "%C2%B2",  # a superscript two: a digit that is no number
    "9999-12-31T23:59",
    "0000-00-00",
    "%E2%80%AE%F0%9F%98%80",  # right to left, and a face
)
# ... and of these another in each field, in turn; every one in every field at length only.
STRANGE = (
    "-" + "9" * 30,
    "1e30",
    "Infinity",
    "-1",
    "1.005",
    "%D9%A1",  # the Arabic digit one
    "9999-12-31",
    "2026-02-30T25:61",
    "R-9999-99999",
    "%27%3B--",
    "%5B%5D%7B%7D%25s",
)
HUGE = "x" * 200_000
WORST = ("9" * 5000, "1" + "0" * 30, "9999-12-31T23:59", "x" * 10_000)

FILTERS = {
    "home": [],
    "open-work": ["place", "after"],
    "open-work-all": ["place", "to"],
    "incident-list": [
        *("q", "view", "overdue", "severity", "stage", "category", "source", "location", "assignee"),
        *("unhappy", "key", "restricted", "lacks", "call", "quiet", "reported", "round", "review", "pattern"),
        *("after", "before"),
    ],
    "board": [
        *("q", "view", "overdue", "severity", "stage", "assignee", "as", "sort", "col", "after", "before"),
        *("n_remedy", "n_follow_up_waiting", "after_apologize", "after_remedy_waiting"),
    ],
    "board-move": ["to", "next"],
    "board-assign": ["next"],
    "view-new": ["q", "view", "overdue", "severity", "lacks", "quiet", "pattern"],
    "log-new": ["arose", "location", "with", "again", "draft", "category", "customer"],
    "log-fields": [
        *("category", "location", "customer", "is_first_order", "severity", "severity_preset", "again", "pick"),
    ],
    "log-open": ["customer", "pick", "value_order_ref", "again"],
    "recover-show": ["give", "open", "before"],
    "recover-looking": ["since"],
    "call-list": ["who", "after"],
    "recover-follow-up": ["next"],
    "customer-list": ["q", "after"],
    "customer-suggest": ["q"],
    "customer-show": ["after", "before"],
    "notice-list": ["after", "before"],
    "search-everywhere": ["q", "state", "when", "category", "location"],
    "approval-list": ["view", "after", "before"],
    "approval-show": ["view"],
    "delivery-list": ["what", "state", "kind", "place", "after", "before"],
    "job-list": ["after", "before"],
    "export": [
        *("of", "form", "who", "q", "view", "overdue", "severity", "stage", "category", "source", "location"),
        *("assignee", "lacks", "call", "quiet", "reported", "round", "review", "pattern", "unhappy", "key"),
        *("as", "sort", "restricted"),
    ],
    "job-show": ["state", "after"],
    "bulk": [
        *("pick", "act", "to", "q", "view", "overdue", "severity", "stage", "category", "source", "location"),
        "assignee",
    ],
    "staff-list": ["q", "after"],
}
# Every form with something that it accepts; the answer to that is a redirect.
KEY = {"submit_key": ""}
SEEN = {"kind": "step_late", "occurrence": "1/remedy", "also": None}
FORMS: dict[str, dict[str, Any]] = {
    "log-new": KEY
    | {
        "draft_key": "",
        "what_happened": "Cold shower.",
        "category": "room",
        "customer_hint": "A man with a hat",
        "source": "customer",
        "told_by": "in_person",
        "customer": None,
        "customer_name": None,
        "pick": None,
        "new_name": None,
        "severity_preset": None,
        "is_first_order": None,
        "photo_kept": None,
        "new_phone": None,
        "new_email": None,
        "new_account": None,
        "location": None,
        "severity": None,
        "place": None,
        "remedy_sought": None,
        "reach_at": None,
        "reach_until": None,
        "occurred_day": None,
        "occurred_on": None,
        "occurred_time": None,
        "reported_at": None,
        "minutes": None,
        "amount": None,
        "remedy_type": None,
    },
    "recover-apologize": KEY
    | {"channel": "phone", "author": None, "author_name": None, "to_whom": None, "made_at": None, "words": None}
    | {"travels_with": None, "kind": None, "coached": None, "promise_what": None, "promise_due_at": None},
    "recover-coach": {"words": None, "author": None, "author_name": None, "to_whom": None, "made_at": None},
    "recover-finding": {"finding": "ours"},
    "recover-remedy": KEY
    | {"type": "TYPE", "what": None, "estimated_amount": None, "assignee": None, "done_by_name": None, "due_at": None}
    | {"minutes": None, "replaces": None, "asks_words": None, "promise_what": None, "promise_due_at": None},
    "recover-deliver": {"actual_amount": None, "minutes": None, "delivered_at": None, "paid_on": None},
    "recover-end-remedy": {"state": "failed", "note": None},
    "recover-wants-nothing": {"note": None},
    "recover-no-remedy-due": {"note": "Not ours", "is_told": "on"},
    "recover-decline": {"declined_as": "not_enough", "note": None},
    "recover-change-remedy": {"version": "0", "what": None, "estimated_amount": "5", "assignee": None}
    | {"done_by_name": None, "due_at": None, "minutes": None},
    "recover-waive-receipt": {"note": "Lost"},
    "recover-let-go": {"note": None},
    "recover-ask-again": {"words": None},
    "recover-go-ahead": {"reason": "She leaves now"},
    "approval-decide": {"is_approved": "no", "reason": "Too much", "view": None, "next": None},
    "approval-review": {"was_right": "yes", "note": None, "view": None, "next": None},
    "recover-follow-up": KEY
    | {"outcome": "no_answer", "channel": None, "score": None, "words": None, "call_back_at": None}
    | {"missing_remedy": None, "wrong_contact": None, "next": None}
    | {"promise_what": None, "promise_due_at": None},
    "view-new": KEY | {"name": "Late at night", "query": None, "is_shared": None, "instead_of": None},
    "view-show": {"is_pinned": "on", "is_default": None, "tell_above": "5", "mails_at": "08:00"},
    "view-change": {"version": "0", "name": "Late", "is_shared": None},
    "view-pin": {"is_pinned": "yes"},
    "view-move": {"way": "up"},
    "recover-reach": {"reach_at": None, "reach_until": "2030-01-02T10:00"},
    "call-unanswered": {"pick": None},
    "customer-mark-contact": {"is_wrong": "yes"},
    "customer-wish": {"is_wanted": "yes"},
    "recover-promise": KEY | {"what": "A letter", "due_at": "2030-01-02T10:00", "assignee": None},
    "recover-settle-promise": {"kept": "yes", "note": None, "at": None},
    "recover-move-promise": {"expected_due_at": "2030-01-02T10:00", "due_at": "2030-01-03T10:00", "note": None}
    | {"assignee": None},
    "recover-give-back": {"note": "Not mine"},
    "recover-think-of": {"to": "COLLEAGUE"},
    "profile-care": {"wants": "no"},
    "care-answer": {"answer": "not_now", "talk_to": None},
    "recover-note": KEY | {"words": "A note"},
    "file-add": {"file": None, "kind": None, "remedy": None},
    "recover-go-back": {"reason": "second_thought", "untrue": None, "expected_round": None},
    "recover-close": {"reason": None, "note": None, "duplicate_of": None, "is_told": None},
    "recover-second-failure": {"words": None},
    "recover-wait": KEY | {"how_long": "moment", "until": "2030-01-02T10:00", "note": None},
    "recover-undo-last": {"event": None},
    "recover-hand-over": {"to": "COLLEAGUE", "note": None, "expected_assignee": None}
    | {"promise_what": None, "promise_due_at": None},
    "board-move": KEY
    | {"to": "remedy", "do": "apology", "channel": "phone", "author": None, "words": None, "next": None},
    "board-assign": {"to": "COLLEAGUE", "expected_assignee": None, "next": None},
    "log-draft": {"draft_key": "", "what_happened": "Cold", "category": None, "f_place": None},
    "recover-draft": {"note": "It is done", "reason": None, "submit_key": None},
    "log-change": {
        "version": None,
        "customer_name": None,
        "customer": None,
        "customer_hint": None,
        "what_happened": None,
        "category": None,
        "severity": None,
        "place": None,
        "reach_at": None,
        "reach_until": None,
        "occurred_on": None,
        "occurred_time": None,
        "is_first_order": None,
    },
    "customer-change": {"version": None, "name": None, "account": None, "job_title": None, "note": None}
    | {"preferred_channel": None, "reach_from": None, "reach_until": None, "wants_no_contact": None}
    | {"loyalty_number": None, "address": None, "language": None},
    "customer-contact": {"kind": "phone", "value": "+1 312 555 0123"},
    "notice-read-all": {"up_to": "1"},
    **dict.fromkeys(("need-remind", "need-seen"), SEEN),
    "need-take": SEEN | {"expected_assignee": None},
    "need-later": SEEN | {"hours": "4"},
    "bulk": KEY | {"act": "meeting", "to": None},
    "export": KEY | {"form": "csv"},
    "open-work-all": KEY | {"to": None},
    "job-demo": KEY | {"number": "5"},
    "delivery-retry-all": {"what": "mails", "state": "failed"},
    "delivery-release": {"waiting": "send"},
    "profile": {"name": None, "phone": None, "theme": None, "has_letter_keys": None, "wants_mail": None}
    | {"reachable_from": None, "reachable_until": None, "reachable_days": None},
    "profile-duty": {"hours": "2"},
    "profile-away": {"until": "2030-01-02T10:00", "stand_in": None},
    "staff-new": {"name": None, "email": None, "phone": None, "role": None, "locations": None, "how": None}
    | {"password": None, "submit_key": None},
    "staff-change": {"name": None, "email": None, "phone": None, "role": None, "locations": None, "version": None},
    "location-new": {"name": None, "time_zone": None, "currency": None, "country": None, "fallback_assignee": None}
    | {"shift_ends": None, "reviews_all": None},
    "location-change": {"name": None, "time_zone": None, "currency": None, "country": None, "version": None}
    | {"shift_ends": "07:00", "reviews_all": "True"},
}
NO_FIELDS = {
    *("log-undo", "recover-accept", "recover-drop-second-failure", "job-cancel", "job-retry", "staff-deactivate"),
    *("staff-reactivate", "delivery-hold", "delivery-retry-reminder", "delivery-retry-mail"),
    *("bulk-give-back", "recover-meeting", "recover-meeting-off"),
    *("recover-abuse", "view-delete"),
    "board-undo",
    *("recover-offer", "recover-take", "recover-start", "recover-go-on", "need-undo"),
}
_SCOPE = ["period", "from", "to", "place", "category", "cause", "severity"]
FILTERS |= {"numbers": _SCOPE, "numbers-charts": _SCOPE, "numbers-rows": [*_SCOPE, "after", "only"]}
FILTERS |= addresses.FILTERS | customers.FILTERS | hours.FILTERS | patterns.FILTERS | review.FILTERS
FORMS |= addresses.FORMS | customers.FORMS | hours.FORMS | patterns.FORMS | review.FORMS
FILTERS |= changes.FILTERS
FORMS |= changes.FORMS
NO_FIELDS |= changes.NO_FIELDS
NO_FIELDS |= addresses.NO_FIELDS | customers.NO_FIELDS | hours.NO_FIELDS | patterns.NO_FIELDS | review.NO_FIELDS
FILTERS |= minutes.FILTERS
FORMS |= minutes.FORMS
NO_FIELDS |= minutes.NO_FIELDS
FILTERS |= practice.FILTERS
FORMS |= practice.FORMS
NO_FIELDS |= practice.NO_FIELDS
FILTERS |= procedures.FILTERS
FORMS |= procedures.FORMS
NO_FIELDS |= procedures.NO_FIELDS
ACCEPTED = ("log-new", "recover-apologize", "recover-remedy", "recover-follow-up", "recover-promise", "recover-note")
STRANGE_ADDRESSES = (
    "/incidents/R-2026-00001%00/",
    "/incidents/%FF%FE/",
    "/incidents/R-2026-99999999999999/",
    "/customers/" + "9" * 5000 + "/",
    "/customers/" + "9" * 4000 + "/",
    "/customers/99999999999999999999/",
    "/notices/99999999999999999999/",
    "/jobs/99999999999999999999/",
    "/exports/99999999999999999999/",
    "/staff/99999999999999999999/",
    "/locations/99999999999999999999/",
    "/customers/-1/",
    "/%E2%80%AE/",
    "/" + "x" * 20_000,
    "/admin/%00/",
)
