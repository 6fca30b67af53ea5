"""Addresses of the money of a project."""

from django.urls import path

from projects.funding import share_views, views, year_views

urlpatterns = [
    path("projets/<int:pk>/proposer/moyens/financement/", views.write, name="funding"),
    path("projets/<int:pk>/proposer/moyens/financement/verifier/", views.check, name="funding_check"),
    path("projets/<int:pk>/financement/", views.money, name="money"),
    path("projets/<int:pk>/financement/version/", views.version, name="money_version"),
    path("projets/<int:pk>/financement/annees/", views.years, name="money_years"),
    path("projets/<int:pk>/financement/annees/financeurs/", year_views.funder_years, name="funder_years"),
    path("projets/<int:pk>/financement/fonctionnement/", views.operating, name="money_operating"),
    path("projets/<int:pk>/financement/fonctionnement/annees/", year_views.operating_years, name="operating_years"),
    path("projets/<int:pk>/financement/communes/", share_views.money_communes, name="money_communes"),
    path("projets/<int:pk>/objectifs/", share_views.project_objectives, name="project_objectives"),
]
