"""Addresses of the room."""

from django.urls import path

from projects.minutes import views

urlpatterns = [
    path("seances/<int:pk>/proces-verbal/", views.minutes, name="minutes"),
    path("seances/<int:pk>/proces-verbal/arreter/", views.settle, name="minutes_settle"),
    path("seances/<int:pk>/proces-verbal/fichier/", views.minutes_print, name="minutes_print"),
    path("seances/<int:pk>/releve-de-decisions/", views.decisions_print, name="decisions_print"),
]
