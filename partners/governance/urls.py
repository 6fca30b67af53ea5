"""Addresses of the room."""

from django.urls import path

from partners.governance import seat_views, views

urlpatterns = [
    path("instances/", views.bodies, name="bodies"),
    path("instances/ajouter/", views.body_add, name="body_add"),
    path("instances/<int:pk>/", views.body, name="body"),
    path("instances/<int:pk>/modifier/", views.body_edit, name="body_edit"),
    path("instances/<int:pk>/regles/", views.body_rules, name="body_rules"),
    path("instances/<int:pk>/sieges/ajouter/", seat_views.seat_add, name="seat_add"),
    path("instances/<int:pk>/sieges/ordre/", seat_views.seats_order, name="seats_order"),
    path("instances/sieges/<int:pk>/modifier/", seat_views.seat_edit, name="seat_edit"),
    path("instances/sieges/<int:pk>/succession/", seat_views.seat_succeed, name="seat_succeed"),
    path("instances/sieges/<int:pk>/terminer/", seat_views.seat_close, name="seat_close"),
    path("instances/sieges/<int:pk>/presidence/", seat_views.seat_chair, name="seat_chair"),
    path("instances/elus/", seat_views.members, name="members"),
    path("instances/elus/ajouter/", seat_views.member_add, name="member_add"),
    path("instances/elus/<int:pk>/modifier/", seat_views.member_edit, name="member_edit"),
    path("instances/delegations/ajouter/", views.delegation_add, name="delegation_add"),
    path("instances/delegations/<int:pk>/terminer/", views.delegation_end, name="delegation_end"),
]
