"""Addresses of the interests and of their convergence."""

from django.urls import path

from projects.convergence import views

urlpatterns = [
    path("projets/<int:pk>/interets/", views.convergence, name="convergence"),
    path("projets/<int:pk>/interets/comparer/", views.compare, name="interest_compare"),
    path("projets/<int:pk>/interets/liens/<int:link_pk>/retirer/", views.link_forget, name="interest_link_forget"),
    path("projets/<int:pk>/interets/acteurs/<int:actor_pk>/", views.interest_state, name="interest_state"),
    path("projets/<int:pk>/interets/<int:interest_pk>/", views.interest_edit, name="interest_edit"),
    path("projets/<int:pk>/interets/<int:interest_pk>/retirer/", views.interest_withdraw, name="interest_withdraw"),
]
