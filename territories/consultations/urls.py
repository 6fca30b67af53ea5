"""Addresses of the consultations."""

from django.urls import path

from territories.consultations import simulator_views, views

urlpatterns = [
    path("territoire/consultations/", views.consultations, name="consultations"),
    path("territoire/consultations/simulateur/", simulator_views.simulator, name="simulator"),
    path("territoire/consultations/nouvelle/", views.consultation_create, name="consultation_create"),
    path("territoire/consultations/<int:pk>/", views.consultation, name="consultation"),
    path("territoire/consultations/<int:pk>/notifier/", views.notify, name="consultation_notify"),
    path("territoire/consultations/<int:pk>/relancer/", views.remind, name="consultation_remind"),
    path("territoire/consultations/<int:pk>/clore/", views.close, name="consultation_close"),
    path("territoire/consultations/<int:pk>/abandonner/", views.abandon, name="consultation_abandon"),
    path("territoire/consultations/<int:pk>/arrete/", views.order, name="consultation_order"),
    path("territoire/consultations/<int:pk>/imprimer/", views.printed, name="consultation_print"),
    path("territoire/consultations/reponses/<int:pk>/", views.answer, name="consultation_answer"),
]
