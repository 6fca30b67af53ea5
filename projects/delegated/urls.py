"""Addresses of the room."""

from django.urls import path

from projects.delegated import views

urlpatterns = [
    path("projets/<int:pk>/entre-deux-seances/", views.act_between, name="act_between"),
    path("seances/<int:pk>/decisions-par-delegation/", views.delegated_report, name="delegated_report"),
]
