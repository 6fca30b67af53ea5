"""Addresses of the room."""

from django.urls import path

from projects.register import views

urlpatterns = [
    path("seances/decisions/", views.register, name="register"),
    path("seances/decisions/donnees-ouvertes/", views.scdl, name="scdl"),
    path("seances/points/<int:pk>/decision/enregistrement/", views.act_file, name="act_file"),
]
