"""Addresses of the territory: each room brings its own, all under the one name `territories`."""

from territories.competences.urls import urlpatterns as competences

app_name = "territories"
urlpatterns = [*competences]
