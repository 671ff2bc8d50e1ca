"""What needs doing: the list of recoveries and the first page, in few statements. Reads only."""

from incidents.board.home import SHOWN, DeskHome, ManagerHome, desk_home, manager_home
from incidents.board.notices import NoticePage, inbox
from incidents.board.register import MOST, Card, Filters, Options, options_for, page_of

__all__ = [
    "MOST",
    "SHOWN",
    "Card",
    "DeskHome",
    "Filters",
    "ManagerHome",
    "NoticePage",
    "Options",
    "desk_home",
    "inbox",
    "manager_home",
    "options_for",
    "page_of",
]
