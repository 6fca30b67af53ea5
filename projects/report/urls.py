"""Addresses of the room."""

from django.urls import path

from projects.report import export_views, views

urlpatterns = [
    path("projets/export/<slug:kind>/", export_views.export, name="export"),
    path("projets/<int:pk>/fichier/<slug:kind>/", export_views.project_file, name="project_file"),
    path("projet-de-territoire/impression/", views.report, name="report"),
    path("projet-de-territoire/impression/lancer/", views.print_start, name="print_start"),
    path("projet-de-territoire/impression/<int:pk>/", views.print_progress, name="print_progress"),
    path("projet-de-territoire/impression/<int:pk>/annuler/", views.print_cancel, name="print_cancel"),
    path("projet-de-territoire/impression/<int:pk>/fichier/", views.print_download, name="print_download"),
]
