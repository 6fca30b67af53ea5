"""Django's name card of the house."""

from django.apps import AppConfig


class CooperationConfig(AppConfig):
    name = "cooperation"
    default_auto_field = "django.db.models.BigAutoField"
