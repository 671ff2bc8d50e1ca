"""Everything the incident page and the calls page tell, in few statements. Reads only."""

from incidents.story.asking import answer_words, review_words
from incidents.story.calls import CallBook, Row, call_book, call_numbers
from incidents.story.find import find_call, find_incident, find_promise, find_remedy
from incidents.story.heard import Help, listen, people_at
from incidents.story.looking import Looking, looking_at
from incidents.story.owed import promised
from incidents.story.page import RemedyView, Story, tell
from incidents.story.playbook import Advice, Usual, advice
from incidents.story.precedents import Precedent, precedents
from incidents.story.script import Script, hours_words, script_of
from incidents.story.words import day_and_time

__all__ = [
    "Advice",
    "CallBook",
    "Help",
    "Looking",
    "Precedent",
    "RemedyView",
    "Row",
    "Script",
    "Story",
    "Usual",
    "advice",
    "answer_words",
    "call_book",
    "call_numbers",
    "day_and_time",
    "find_call",
    "find_incident",
    "find_promise",
    "find_remedy",
    "hours_words",
    "listen",
    "looking_at",
    "people_at",
    "precedents",
    "promised",
    "review_words",
    "script_of",
    "tell",
]
