"""Incidents by the hundred or by the hundred thousand: a year before the stories, made up but believable.

They are not played through the actions, which would take hours; `life.py` takes the same steps in memory and asks the
same `workflow`, and the rows are copied in. `plan.py` says what will be, `slices.py` makes it.
"""

from incidents.demo.generate.plan import Plan
from incidents.demo.generate.setting import NobodyThere
from incidents.demo.generate.slices import SLICE, generate, generate_slice, make_plan, refresh_statistics

__all__ = ["SLICE", "NobodyThere", "Plan", "generate", "generate_slice", "make_plan", "refresh_statistics"]
