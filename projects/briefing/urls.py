"""Addresses of the room."""

from django.urls import path

from projects.briefing import views

urlpatterns = [
    path("seances/<int:pk>/note-de-synthese/", views.session_note, name="session_note"),
    path("seances/<int:pk>/dossier/", views.session_pack, name="session_pack"),
]
