"""Addresses of the territory: each room brings its own, all under the one name `territories`."""

from territories.levers.urls import urlpatterns as levers

app_name = "territories"
urlpatterns = [*levers]
