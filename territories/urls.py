"""Addresses of the territory: each room brings its own, all under the one name `territories`."""

from territories.consultations.urls import urlpatterns as consultations

app_name = "territories"
urlpatterns = [*consultations]
