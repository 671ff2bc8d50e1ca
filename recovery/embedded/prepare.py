"""Run as a program: bring the database, the static files and the demo's rows up to date."""

import sys
import time

import django


def main() -> None:
    """Do it all in one process, which pays for Django's import once."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    print(f"tables are up to date ({time.monotonic() - began:.1f} s)", flush=True)
    if settings.HASHED_STATIC:
        call_command("collectstatic", interactive=False, verbosity=0)
        print(f"static files are collected ({time.monotonic() - began:.1f} s)", flush=True)
    keep_demo_and_business_apart(demo=settings.DEMO)
    if settings.DEMO:
        seed()


def keep_demo_and_business_apart(*, demo: bool) -> None:
    """Stop when the database holds the other kind of people than we were started for."""
    from incidents.models import Staff
    from recovery.checks import DEMO_DOMAIN

    has_demo = Staff.objects.filter(email__iendswith=DEMO_DOMAIN).exists()
    if demo and Staff.objects.exists() and not has_demo:
        sys.exit("This database belongs to a business, not to the demo. Start it with: python3 run.py --empty")
    if not demo and has_demo:
        sys.exit("This database holds the demo. Start it with `python3 run.py`, or give DATABASE_URL an empty one.")


def seed() -> None:
    """Fill the demo once; a database that has people is left as it is."""
    from django.core.management import call_command, get_commands

    from incidents.models import Staff

    if "demo" in get_commands() and not Staff.objects.exists():
        print("filling the demo ...", flush=True)
        call_command("demo")


if __name__ == "__main__":
    main()
