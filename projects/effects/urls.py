"""Addresses of the effects."""

from django.urls import path

from projects.effects import survey_views, views

urlpatterns = [
    path("projets/<int:pk>/effets/", views.effects, name="effects"),
    path("projets/<int:pk>/effets/ajouter/", views.indicator_add, name="indicator_add"),
    path("projets/<int:pk>/effets/<int:indicator_pk>/", views.indicator, name="indicator"),
    path("projets/<int:pk>/effets/<int:indicator_pk>/modifier/", views.indicator_edit, name="indicator_edit"),
    path("projets/<int:pk>/effets/<int:indicator_pk>/ne-plus-suivre/", views.indicator_drop, name="indicator_drop"),
    path("enquetes/", survey_views.surveys, name="surveys"),
    path("enquetes/nouvelle/", survey_views.survey_add, name="survey_add"),
    path("enquetes/<int:pk>/", survey_views.survey, name="survey"),
    path("enquetes/<int:pk>/modifier/", survey_views.survey_edit, name="survey_edit"),
    path("enquetes/<int:pk>/paroles/<int:verbatim_pk>/retirer/", survey_views.verbatim_remove, name="verbatim_remove"),
]
