"""Addresses of what a person was told."""

from django.urls import path

from projects.notices import views

urlpatterns = [
    path("nouvelles/", views.notices, name="notices"),
    path("nouvelles/lues/", views.read_all, name="notices_read"),
    path("nouvelles/courriels/", views.paces, name="notice_paces"),
    path("nouvelles/courriels/<int:pk>/renvoyer/", views.send_again, name="notice_send_again"),
    path("nouvelles/<int:pk>/", views.open_notice, name="notice_open"),
]
