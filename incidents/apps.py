"""The app's configuration."""

from django.apps import AppConfig
from django.conf import settings


class IncidentsConfig(AppConfig):
    """The one app of the project."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """On a demo, whoever works on a job knows how its incidents are made."""
        if settings.DEMO:
            from incidents.demo import work

            work.connect()
