"""Addresses of the debate and of the documents of a project."""

from django.urls import path

from projects.debate import document_views, views

urlpatterns = [
    path("projets/<int:pk>/debat/", views.debate, name="debate"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/repondre/", views.reply, name="debate_reply"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/corriger/", views.correct, name="debate_correct"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/versions/", views.versions, name="debate_versions"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/remercier/", views.thank, name="debate_thank"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/masquer/", views.hide, name="debate_hide"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/retablir/", views.show, name="debate_show"),
    path("projets/<int:pk>/debat/<int:contribution_pk>/dossier/", views.file, name="debate_file"),
    path("projets/<int:pk>/documents/", document_views.documents, name="documents"),
    path("projets/<int:pk>/documents/<int:document_pk>/version/", document_views.version_add, name="document_version"),
    path(
        "projets/<int:pk>/documents/<int:document_pk>/<int:number>/",
        document_views.download,
        name="document_download",
    ),
]
