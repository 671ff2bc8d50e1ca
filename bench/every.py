"""Every page that is opened, in the order of the report."""

from __future__ import annotations

from bench.finding import FINDING
from bench.leading import LEADING
from bench.learning import LEARNING
from bench.pages import PAGES

EVERY = (*PAGES, *FINDING, *LEADING, *LEARNING)
