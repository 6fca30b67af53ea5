"""Addresses of the room."""

from django.urls import path

from projects.review import views

urlpatterns = [
    path("instruction/", views.review_queue, name="review_queue"),
    path("instruction/<int:pk>/", views.review, name="review"),
]
