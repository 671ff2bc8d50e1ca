"""The app's configuration."""

from django.apps import AppConfig
from django.conf import settings


class IncidentsConfig(AppConfig):
    """The one app of the project."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever works on a job knows how each kind is done; on a demo, also how its incidents are made."""
        from incidents.actions import bulk, exports, ladders, reckon, resemblances

        bulk.connect()
        exports.connect()
        ladders.connect()
        reckon.connect()
        resemblances.connect()
        if settings.DEMO:
            from incidents.demo import work

            work.connect()
