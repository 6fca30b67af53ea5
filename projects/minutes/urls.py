"""Addresses of the room."""

from django.urls import path

from projects.minutes import views

urlpatterns = [
    path("seances/<int:pk>/proces-verbal/", views.minutes, name="minutes"),
    path("seances/<int:pk>/proces-verbal/arreter/", views.settle, name="minutes_settle"),
]
