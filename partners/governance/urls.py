"""Addresses of the room."""

from django.urls import path

from partners.governance import views

urlpatterns = [path("instances/", views.bodies, name="bodies")]
