"""What gunicorn serves."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recovery.settings")
application = get_wsgi_application()
import_module("recovery.urls")  # every view, now: once, before gunicorn forks its workers
gc.collect()
gc.freeze()  # what is loaded stays: looking through it for garbage made single pages wait 150 ms
