"""Addresses of the room."""

from django.urls import path

from projects.portfolio import territory_views, views
from projects.portfolio.grouped_views import grouped
from projects.portfolio.project_page import detail
from projects.portfolio.strategy_page import strategy

urlpatterns = [
    path("", views.home, name="home"),
    path("projets/", views.project_list, name="list"),
    path("projets/ensemble/", grouped, name="grouped"),
    path("projets/programmation/", views.programme, name="investment_programme"),
    path("projets/<int:pk>/", detail, name="detail"),
    path("projet-de-territoire/", strategy, name="strategy"),
    path("territoire/", territory_views.territory, name="territory"),
    path("territoire/communes/<str:insee>/", territory_views.commune, name="commune"),
    path("choisir-intercommunalite/", views.choose, name="choose"),
]
