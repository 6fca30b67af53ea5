"""Addresses: each house brings its own; the frame names them by string and imports none of them."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("allauth.urls")),
    path("", include("territories.urls")),
    path("", include("partners.urls")),
    path("", include("projects.urls")),
]
