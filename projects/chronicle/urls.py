"""Address of what changed in a project."""

from django.urls import path

from projects.chronicle import views

urlpatterns = [path("projets/<int:pk>/historique/", views.chronicle, name="chronicle")]
