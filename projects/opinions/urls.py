"""Addresses of the opinions."""

from django.urls import path

from projects.opinions import views

urlpatterns = [
    path("projets/<int:pk>/avis/", views.opinions, name="opinions"),
    path("avis/", views.mine, name="opinions_mine"),
    path("avis/<int:pk>/", views.opinion, name="opinion"),
    path("avis/<int:pk>/retirer-la-demande/", views.request_withdraw, name="opinion_request_withdraw"),
    path("avis/<int:pk>/retirer/", views.opinion_withdraw, name="opinion_withdraw"),
]
