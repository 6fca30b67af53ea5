"""Addresses of what groups say of their cooperation."""

from django.urls import path

from projects.diagnosis import views

urlpatterns = [
    path("cooperation/", views.diagnosis, name="diagnosis"),
    path("cooperation/evaluer/", views.assessment_add, name="assessment_add"),
    path("cooperation/<int:pk>/corriger/", views.assessment_edit, name="assessment_edit"),
]
