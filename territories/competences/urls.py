"""Addresses of competences: the list, one of them, and the forms that write them."""

from django.urls import path

from territories.competences import views

ROOM = "territoire/competences/"

# fmt: off
urlpatterns = [
    path(ROOM, views.competences, name="competences"),
    path(ROOM + "nouvelle/", views.competence_create, name="competence_create"),
    path(ROOM + "<int:pk>/", views.competence, name="competence"),
    path(ROOM + "<int:pk>/modifier/", views.competence_edit, name="competence_edit"),
    path(ROOM + "<int:pk>/retirer/", views.competence_remove, name="competence_remove"),
    path(ROOM + "<int:pk>/interet-communautaire/", views.interest_create, name="interest_create"),
    path(ROOM + "interet-communautaire/<int:pk>/", views.interest_edit, name="interest_edit"),
    path(ROOM + "<int:pk>/accord/", views.agreement_create, name="agreement_create"),
    path(ROOM + "accords/<int:pk>/", views.agreement_edit, name="agreement_edit"),
    path(ROOM + "accords/<int:pk>/positions/", views.positions, name="positions"),
]
# fmt: on
