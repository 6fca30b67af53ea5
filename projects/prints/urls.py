"""Addresses of the room; notices already sent lead to them."""

from django.urls import path

from projects.prints import views

urlpatterns = [
    path("projet-de-territoire/impression/<int:pk>/", views.print_progress, name="print_progress"),
    path("projet-de-territoire/impression/<int:pk>/annuler/", views.print_cancel, name="print_cancel"),
    path("projet-de-territoire/impression/<int:pk>/recommencer/", views.print_again, name="print_again"),
    path("projet-de-territoire/impression/<int:pk>/fichier/", views.print_download, name="print_download"),
]
