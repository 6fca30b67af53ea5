"""Addresses of the room."""

from django.urls import path

from projects.report import export_views, version_views, views

urlpatterns = [
    path("projets/export/<slug:kind>/", export_views.export, name="export"),
    path("projets/<int:pk>/fichier/<slug:kind>/", export_views.project_file, name="project_file"),
    path("projet-de-territoire/impression/", views.report, name="report"),
    path("projet-de-territoire/versions/", version_views.versions, name="versions"),
    path("projet-de-territoire/versions/<int:number>/", version_views.version_download, name="version_download"),
    path("projet-de-territoire/impression/lancer/", views.print_start, name="print_start"),
]
