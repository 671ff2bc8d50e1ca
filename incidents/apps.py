"""The app's configuration."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """The one app of the project."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
