"""Everything the incident page and the calls page tell, in few statements. Reads only."""

from incidents.story.calls import CallBook, Row, call_book
from incidents.story.find import find_call, find_incident, find_promise, find_remedy
from incidents.story.owed import promised
from incidents.story.page import Story, tell

__all__ = [
    "CallBook",
    "Row",
    "Story",
    "call_book",
    "find_call",
    "find_incident",
    "find_promise",
    "find_remedy",
    "promised",
    "tell",
]
