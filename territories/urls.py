"""Addresses of the territory: each room brings its own, all under the one name `territories`."""

from territories.competences.urls import urlpatterns as competences
from territories.consultations.urls import urlpatterns as consultations
from territories.levers.urls import urlpatterns as levers

app_name = "territories"
urlpatterns = [*competences, *consultations, *levers]
