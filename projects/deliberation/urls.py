"""Addresses of the room."""

from django.urls import path

from projects.deliberation import act_views, views

urlpatterns = [
    path("seances/", views.sessions, name="sessions"),
    path("seances/nouvelle/", views.session_create, name="session_create"),
    path("seances/<int:pk>/", views.session, name="session"),
    path("seances/<int:pk>/modifier/", views.session_edit, name="session_edit"),
    path("seances/points/<int:pk>/modifier/", views.agenda_edit, name="agenda_edit"),
    path("seances/<int:pk>/ordre-du-jour/", views.agenda_add, name="agenda_add"),
    path("seances/<int:pk>/ordre-du-jour/ordre/", views.agenda_order, name="agenda_order"),
    path("seances/<int:pk>/ouvrir/", views.session_open, name="session_open"),
    path("seances/<int:pk>/clore/", views.session_close, name="session_close"),
    path("seances/points/<int:pk>/retirer/", views.agenda_remove, name="agenda_remove"),
    path("seances/points/<int:pk>/decider/", views.decide, name="decide"),
    path("seances/points/<int:pk>/decision/", views.decision, name="decision"),
    path("seances/points/<int:pk>/decision/rectifier/", act_views.correct, name="decision_correct"),
    path("seances/<int:pk>/publier/", act_views.publish, name="session_publish"),
]
