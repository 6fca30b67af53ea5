"""Addresses of the map of actors."""

from django.urls import path

from projects.actormap import views

urlpatterns = [
    path("projets/<int:pk>/carte-des-acteurs/", views.actor_map, name="actor_map"),
    path("projets/<int:pk>/carte-des-acteurs/lier/", views.organisation_link, name="organisation_link"),
    path("projets/<int:pk>/carte-des-acteurs/<int:actor_pk>/situer/", views.weigh, name="actor_weigh"),
    path(
        "projets/<int:pk>/carte-des-acteurs/liens/<int:link_pk>/retirer/",
        views.organisation_link_forget,
        name="organisation_link_forget",
    ),
    path(
        "projets/<int:pk>/carte-des-acteurs/tensions/<int:tension_pk>/effacer/",
        views.tension_forget,
        name="tension_forget",
    ),
    path(
        "projets/<int:pk>/carte-des-acteurs/tensions/<int:tension_pk>/apaiser/",
        views.tension_ease,
        name="tension_ease",
    ),
]
