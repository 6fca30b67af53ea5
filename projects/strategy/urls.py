"""Addresses of the room."""

from django.urls import path

from projects.strategy import views

urlpatterns = [
    path("projet-de-territoire/modifier/", views.strategy_edit, name="strategy_edit"),
    path("projet-de-territoire/presentation/", views.plan, name="strategy_plan"),
    path("projet-de-territoire/niveaux/", views.levels, name="strategy_levels"),
    path("projet-de-territoire/elements/ajouter/", views.node_create, name="strategy_node_create"),
    path("projet-de-territoire/elements/ordre/", views.nodes_order, name="strategy_nodes_order"),
    path("projet-de-territoire/elements/<int:pk>/", views.node, name="strategy_node"),
    path("projet-de-territoire/elements/<int:parent_pk>/ajouter/", views.node_create, name="strategy_node_create"),
    path("projet-de-territoire/elements/<int:parent_pk>/ordre/", views.nodes_order, name="strategy_nodes_order"),
    path("projet-de-territoire/elements/<int:pk>/retirer/", views.node_remove, name="strategy_node_remove"),
    path("projet-de-territoire/mandat/", views.mandate, name="strategy_mandate"),
    path("projet-de-territoire/orientations/ajouter/", views.orientation_create, name="strategy_orientation_create"),
    path("projet-de-territoire/orientations/ordre/", views.orientations_order, name="strategy_orientations_order"),
    path("projet-de-territoire/orientations/<int:pk>/", views.orientation, name="strategy_orientation"),
    path(
        "projet-de-territoire/orientations/<int:pk>/retirer/",
        views.orientation_remove,
        name="strategy_orientation_remove",
    ),
]
