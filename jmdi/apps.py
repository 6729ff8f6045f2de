from django.apps import AppConfig


class JmdiConfig(AppConfig):
    """The wiring: commands and the system's own checks."""

    name = "jmdi"
