"""Addresses of regrouping, copying and splitting."""

from django.urls import path

from projects.lineage import views

urlpatterns = [
    path("projets/<int:pk>/regrouper/", views.absorb, name="absorb"),
    path("projets/<int:pk>/copier/", views.copy, name="copy"),
    path("projets/<int:pk>/diviser/", views.split, name="split"),
]
