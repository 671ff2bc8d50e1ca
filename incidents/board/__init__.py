"""What needs doing: the list of recoveries and the first page, in few statements. Reads only."""

from incidents.board.approvals import (
    Queue,
    away_at,
    can_decide,
    can_review,
    find_request,
    given_in,
    queue_of,
    stand_ins_for,
    view_for,
)
from incidents.board.deliveries import (
    DeliveryPage,
    Wanted,
    delivery_page,
    mails_seen_by,
    reminders_seen_by,
    stuck,
    waiting_mails,
)
from incidents.board.home import SHOWN, DeskHome, desk_home
from incidents.board.needs import Needs, needs_of
from incidents.board.needs.done import find_handled
from incidents.board.notices import NoticePage, inbox
from incidents.board.register import Card, Filters, Options, options_for, page_of
from incidents.board.unanswered import unanswered

__all__ = [
    "SHOWN",
    "Card",
    "DeliveryPage",
    "DeskHome",
    "Filters",
    "Needs",
    "NoticePage",
    "Options",
    "Queue",
    "Wanted",
    "away_at",
    "can_decide",
    "can_review",
    "delivery_page",
    "desk_home",
    "find_handled",
    "find_request",
    "given_in",
    "inbox",
    "mails_seen_by",
    "needs_of",
    "options_for",
    "page_of",
    "queue_of",
    "reminders_seen_by",
    "stand_ins_for",
    "stuck",
    "unanswered",
    "view_for",
    "waiting_mails",
]
