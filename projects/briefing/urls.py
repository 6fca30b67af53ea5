"""Addresses of the room."""

from django.urls import path

from projects.briefing import views

urlpatterns = [
    path("seances/<int:pk>/convocation/papier/", views.convocation_print, name="convocation_print"),
    path("seances/<int:pk>/note-de-synthese/", views.session_note, name="session_note"),
    path("seances/<int:pk>/dossier/", views.session_pack, name="session_pack"),
    path("seances/<int:pk>/proces-verbal/fichier/", views.minutes_print, name="minutes_print"),
    path("seances/<int:pk>/releve-de-decisions/", views.decisions_print, name="decisions_print"),
]
