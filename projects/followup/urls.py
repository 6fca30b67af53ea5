"""Addresses of the follow-up."""

from django.urls import path

from projects.followup import views

urlpatterns = [
    path("projets/suites/", views.remaining, name="remaining"),
    path("projets/<int:pk>/sante/", views.health, name="health"),
    path("projets/<int:pk>/suites/", views.actions, name="actions"),
    path("projets/<int:pk>/suites/<int:action_pk>/", views.action_close, name="action_close"),
]
