"""Addresses of the proposal."""

from django.urls import path

from projects.proposals import views

urlpatterns = [
    path("projets/proposer/", views.start, name="start"),
    path("projets/<int:pk>/proposer/acteurs/ajouter/", views.actor, name="actor_add"),
    path("projets/<int:pk>/proposer/acteurs/suggestion/", views.actor_suggested, name="actor_suggested"),
    path("projets/<int:pk>/proposer/acteurs/<int:actor_pk>/", views.actor, name="actor_edit"),
    path("projets/<int:pk>/proposer/acteurs/<int:actor_pk>/retirer/", views.actor_remove, name="actor_remove"),
    path("projets/<int:pk>/proposer/<slug:slug>/", views.write, name="write"),
    path("projets/<int:pk>/acte/<slug:name>/", views.move, name="move"),
    path("projets/<int:pk>/objectif/<int:actor_pk>/", views.endorse, name="endorse"),
    path("projets/<int:pk>/depots/<int:document_pk>/", views.submission, name="submission"),
]
