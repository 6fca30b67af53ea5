"""Addresses of the room, and of the directory, whose pages ask what the person may do."""

from django.urls import path

from partners.people import directory_views, views

urlpatterns = [
    path("personnes/", views.people, name="people"),
    path("personnes/ajouter/", views.membership_add, name="membership_add"),
    path("personnes/<int:pk>/terminer/", views.membership_close, name="membership_close"),
    path("partenaires/", directory_views.directory, name="directory"),
    path("partenaires/<int:pk>/", directory_views.partner, name="partner"),
]
