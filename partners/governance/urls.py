"""Addresses of the room."""

from django.urls import path

from partners.governance import circuit_views, seat_views, views

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
    path("instances/circuit/", circuit_views.circuit, name="circuit"),
    path("instances/circuit/nouveau/", circuit_views.circuit_add, name="circuit_add"),
    path("instances/circuit/<int:pk>/", circuit_views.circuit_version, name="circuit_version"),
    path("instances/circuit/<int:pk>/adopter/", circuit_views.circuit_adopt, name="circuit_adopt"),
    path("instances/circuit/<int:pk>/abandonner/", circuit_views.circuit_drop, name="circuit_drop"),
    path("instances/circuit/<int:pk>/ordre/", circuit_views.steps_order, name="steps_order"),
    path("instances/circuit/<int:pk>/etapes/ajouter/", circuit_views.step_add, name="step_add"),
    path("instances/circuit/etapes/<int:pk>/modifier/", circuit_views.step_edit, name="step_edit"),
    path("instances/circuit/etapes/<int:pk>/retirer/", circuit_views.step_remove, name="step_remove"),
]
