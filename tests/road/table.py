"""Every gate, exception and ending, by hand: where it stands | what somebody tries | the answer to each of four.

desk has the incident, colleague works beside it, manager and owner (an administrator) are of the place.
`may`, or the words of the refusal; several joined by + are gates, all of which the page lists.
Written from the rules, not from the code: a change of the code that changes an answer turns a row red.
"""

from __future__ import annotations

ROLES = ("desk", "colleague", "manager", "owner")
# Who is not the one to do it (403).
NOT_YOURS = {
    "HAS": "The person who has this incident, or a manager, closes it.",
    "OUT": "A manager takes an incident out of the list.",
    "MGR": "A manager closes it this way.",
    "DUE": "A manager says that nothing is due.",
    "BACK": "A manager takes this back.",
}
# What is still missing (422).
GATES = {
    "apology": "Nobody has apologized to the customer yet.",
    "travels": "The apology travels with a delivery that has not arrived yet.",
    "public": "A public reply is not enough. Say it to the customer too.",
    "alone": "An apology alone is not a recovery. Say what you will do to put it right.",
    "pending": "Something promised has not been delivered yet.",
    "failed": "Something failed and nothing has taken its place yet.",
    "nothing": "Nothing has been delivered to the customer yet.",
    "enough": "The customer said it is not enough. Offer something else.",
    "early": "The call comes after it has been put right. It is not put right yet.",
    "call": "Nobody has asked the customer yet whether it is all right now.",
    "more": "They were asked, and one more call is planned: nobody has made it yet.",
}
# As things stand (409).
REFUSED = {
    "SO": "For a customer who said “so-so” when last asked, and wants to leave it there.",
    "TRY0": "Try three times before giving up: 0 tries so far.",
    "TRY1": "Try three times before giving up: 1 try so far.",
    "TRY2": "Try three times before giving up: 2 tries so far.",
    "WAY": "Try another way too: so far it was always the same one.",
    "DAYS": "Keep trying for three days from the first try.",
    "MSG": "Leave them a message first.",
    "WEEK": "Give them seven days to answer the message.",
    "MINOR": "Only for something minor. This one needs an answer.",
    "KNOWN": "We know how to reach this customer, so the call is still due.",
    "SAYS": "The customer has not said that they want no contact. Record it at the call.",
    "CLOSED": "This recovery is closed. Go back to the customer to reopen it.",
    "NEVER": "This was logged by mistake or twice, so it cannot be reopened.",
    "OPEN": "It is not closed. Choose another reason.",
    "KIND": "What kind of mistake it was says so. Change that first.",
    "SAID": "That has been said already.",
    "GONE": "This is no longer open: someone was faster.",
    "RECEIPT": "The receipt is not here yet. Add it, then mark this as paid.",
    "LATE": "This can no longer be undone: a minute has passed, or something followed it.",
}
WORDS = NOT_YOURS | GATES | REFUSED

ENDINGS = """
logged       recovered         apology+alone+early  apology+alone+early  apology+alone+early  apology+alone+early
apologized   recovered         alone+early    alone+early    alone+early    alone+early
public       recovered         public+alone+early  public+alone+early  public+alone+early  public+alone+early
travelling   recovered         travels+pending+early travels+pending+early travels+pending+early travels+pending+early
explained    recovered         apology+alone+early  apology+alone+early  apology+alone+early  apology+alone+early
not-ours     recovered         alone+early    alone+early    alone+early    alone+early
offered      recovered         pending+early  pending+early  pending+early  pending+early
receipt      recovered         pending+early  pending+early  pending+early  pending+early
failed       recovered         failed+early   failed+early   failed+early   failed+early
withdrawn-gift recovered       alone+early    alone+early    alone+early    alone+early
not-enough   recovered         enough+early   enough+early   enough+early   enough+early
half-given   recovered         pending+early  pending+early  pending+early  pending+early
replaced     recovered         call           call           call           call
none-of-two  recovered         call           call           call           call
wants-none   recovered         call           call           call           call
nothing-due  recovered         call           call           call           call
settled      recovered         call           call           call           call
one-of-two   recovered         more           more           more           more
so-so        recovered         alone+early    alone+early    alone+early    alone+early
unhappy      recovered         alone+early    alone+early    alone+early    alone+early
not-received recovered         pending+early  pending+early  pending+early  pending+early
recovered    recovered         CLOSED         CLOSED         CLOSED         CLOSED

logged       content_to_leave  MGR            MGR            SO             SO
so-so        content_to_leave  MGR            MGR            may            may
so-so-score  content_to_leave  MGR            MGR            may            may
unhappy      content_to_leave  MGR            MGR            SO             SO
twice-asked  content_to_leave  MGR            MGR            SO             SO
settled      unreachable       MGR            MGR            TRY0           TRY0
tried-twice  unreachable       MGR            MGR            TRY2           TRY2
one-way      unreachable       MGR            MGR            WAY            WAY
in-one-day   unreachable       MGR            MGR            DAYS           DAYS
no-message   unreachable       MGR            MGR            MSG            MSG
unreachable  unreachable       MGR            MGR            may            may
reached-once unreachable       MGR            MGR            TRY1           TRY1
gone-back    unreachable       MGR            MGR            TRY0           TRY0
logged       no_contact_known  KNOWN          KNOWN          KNOWN          KNOWN
unknown      no_contact_known  may            may            may            may
wrong-number no_contact_known  may            may            may            may
settled      no_contact_wanted SAYS           HAS            SAYS           SAYS
let-me-be    no_contact_wanted may            HAS            may            may
unknown-said no_contact_wanted may            HAS            may            may
settled      no_answer         MINOR          HAS            MINOR          MINOR
minor        no_answer         MSG            HAS            MSG            MSG
minor-six    no_answer         WEEK           HAS            WEEK           WEEK
minor-eight  no_answer         may            HAS            may            may
minor-spoke  no_answer         MSG            HAS            MSG            MSG
logged       withdrawn         may            HAS            may            may
settled      withdrawn         may            HAS            may            may
given-away   withdrawn         HAS            may            may            may
withdrawn    withdrawn         CLOSED         CLOSED         CLOSED         CLOSED
logged       unresolved        MGR            MGR            may            may
unhappy      unresolved        MGR            MGR            may            may
logged       void              OUT            OUT            may            may
settled      void              OUT            OUT            may            may
logged       duplicate         OUT            OUT            may            may
void         void              CLOSED         CLOSED         CLOSED         CLOSED
"""
WAYS_BACK = """
logged       contacted_us      may            may            may            may
settled      remedy_failed     may            may            may            may
settled      second_thought    may            may            may            may
recovered    contacted_us      may            may            may            may
recovered    remedy_failed     may            may            may            may
recovered    second_thought    may            may            may            may
recovered    not_true:apology  may            may            may            may
recovered    not_true:remedy   may            may            may            may
recovered    not_true:call     may            may            may            may
withdrawn    contacted_us      may            may            may            may
withdrawn    not_true:call     may            may            may            may
settled      not_true:call     OPEN           OPEN           OPEN           OPEN
void         contacted_us      NEVER          NEVER          NEVER          NEVER
void         not_true:remedy   NEVER          NEVER          NEVER          NEVER
duplicate    second_thought    NEVER          NEVER          NEVER          NEVER
"""
EXCEPTIONS = """
apologized   wants-nothing     may            may            may            may
apologized   none-due          DUE            DUE            may            may
wants-none   wants-nothing     SAID           SAID           SAID           SAID
settled      none-due          DUE            DUE            may            may
withdrawn    wants-nothing     CLOSED         CLOSED         CLOSED         CLOSED
receipt      deliver           RECEIPT        RECEIPT        RECEIPT        RECEIPT
offered      deliver           may            may            may            may
failed       deliver           GONE           GONE           GONE           GONE
offered      fail              may            may            may            may
failed       fail              GONE           GONE           GONE           GONE
withdrawn    fail              CLOSED         CLOSED         CLOSED         CLOSED
logged       made-worse        may            may            may            may
recovered    made-worse        may            may            may            may
worse        not-worse         BACK           BACK           may            may
in-the-wrong not-worse         BACK           BACK           KIND           KIND
just-closed  undo              may            LATE           LATE           LATE
recovered    undo              LATE           LATE           LATE           LATE
settled      undo              LATE           LATE           LATE           LATE
"""


def rows(table: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """(state, attempt, one answer for each of ROLES)."""
    found = []
    for line in filter(None, map(str.strip, table.splitlines())):
        state, attempt, *answers = line.split()
        assert len(answers) == len(ROLES), line
        found.append((state, attempt, tuple(answers)))
    return found
