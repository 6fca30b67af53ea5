"""Addresses of the calendar."""

from django.urls import path

from projects.calendar import act_views, views

urlpatterns = [
    path("calendrier/", views.calendar, name="calendar"),
    path("calendrier/etapes/", views.calendar_stages, name="calendar_stages"),
    path("calendrier/lieux/", views.calendar_places, name="calendar_places"),
    path("calendrier/agenda/", views.calendar_address, name="calendar_address"),
    path("calendrier/agenda/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
    path("calendrier/reunions/nouvelle/", act_views.meeting_create, name="meeting_create"),
    path("calendrier/reunions/<int:pk>/", views.meeting, name="meeting"),
    path("calendrier/reunions/<int:pk>/modifier/", act_views.meeting_edit, name="meeting_edit"),
    path("calendrier/reunions/<int:pk>/invites/", act_views.meeting_guests, name="meeting_guests"),
    path("calendrier/reunions/<int:pk>/annuler/", act_views.meeting_cancel, name="meeting_cancel"),
    path("calendrier/reunions/<int:pk>/compte-rendu/", act_views.meeting_minutes, name="meeting_minutes"),
    path("projets/<int:pk>/calendrier/", views.project_calendar, name="project_calendar"),
    path("projets/<int:pk>/calendrier/<int:milestone_pk>/", act_views.milestone_edit, name="milestone_edit"),
]
