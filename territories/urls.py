"""Addresses of the territory: each room brings its own, all under the one name `territories`."""

from territories.consultations.urls import urlpatterns as consultations
from territories.levers.urls import urlpatterns as levers

app_name = "territories"
urlpatterns = [*consultations, *levers]
