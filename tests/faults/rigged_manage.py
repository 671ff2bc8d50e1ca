"""manage.py with parts bent: `python -m tests.faults.rigged_manage sweep`."""

import os
import sys

from tests.faults import rigs

rigs.bend_clock()

import django  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
django.setup()
rigs.bend()

from django.core.management import execute_from_command_line  # noqa: E402

execute_from_command_line(sys.argv)
