"""Addresses of the room."""

from django.urls import path

from projects.portfolio import views
from projects.portfolio.project_page import detail

urlpatterns = [
    path("", views.home, name="home"),
    path("projets/", views.project_list, name="list"),
    path("projets/<int:pk>/", detail, name="detail"),
    path("choisir-intercommunalite/", views.choose, name="choose"),
]
