"""Address of the private marks."""

from django.urls import path

from projects.marks import views

urlpatterns = [path("projets/<int:pk>/marque/", views.mark, name="mark")]
