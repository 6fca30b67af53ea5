"""Addresses of the money of a project."""

from django.urls import path

from projects.funding import views

urlpatterns = [path("projets/<int:pk>/proposer/moyens/financement/", views.write, name="funding")]
