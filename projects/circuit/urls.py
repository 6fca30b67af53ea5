"""Addresses of the room."""

from django.urls import path

from projects.circuit import views

urlpatterns = [
    path("projets/<int:pk>/circuit/", views.project_circuit, name="project_circuit"),
    path("projets/<int:pk>/circuit/<int:step>/passer/", views.circuit_depart, name="circuit_depart"),
    path("instances/circuit/<int:pk>/apercu/", views.circuit_preview, name="circuit_preview"),
]
