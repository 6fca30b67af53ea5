"""Addresses of the calendar."""

from django.urls import path

from projects.calendar import views

urlpatterns = [
    path("calendrier/", views.calendar, name="calendar"),
    path("calendrier/agenda/", views.calendar_address, name="calendar_address"),
    path("calendrier/agenda/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("calendrier/reunions/nouvelle/", views.meeting_create, name="meeting_create"),
    path("calendrier/reunions/<int:pk>/", views.meeting, name="meeting"),
    path("calendrier/reunions/<int:pk>/modifier/", views.meeting_edit, name="meeting_edit"),
    path("calendrier/reunions/<int:pk>/annuler/", views.meeting_cancel, name="meeting_cancel"),
    path("calendrier/reunions/<int:pk>/compte-rendu/", views.meeting_minutes, name="meeting_minutes"),
    path("projets/<int:pk>/calendrier/", views.project_calendar, name="project_calendar"),
    path("projets/<int:pk>/calendrier/<int:milestone_pk>/", views.milestone_edit, name="milestone_edit"),
]
