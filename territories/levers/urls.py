"""Addresses of the levers: pooling, then the pact."""

from django.urls import path

from territories.levers import grant_views, pact_views, pooling_views

POOLING = "territoire/mutualisation/"
PACT = "territoire/pacte/"

# fmt: off
urlpatterns = [
    path(POOLING, pooling_views.pooling, name="pooling"),
    path(POOLING + "schema/", pooling_views.scheme_edit, name="scheme_edit"),
    path(POOLING + "services/nouveau/", pooling_views.service_create, name="service_create"),
    path(POOLING + "services/<int:pk>/", pooling_views.service, name="service"),
    path(POOLING + "services/<int:pk>/modifier/", pooling_views.service_edit, name="service_edit"),
    path(POOLING + "services/<int:pk>/<int:year>/cle/", pooling_views.service_key, name="service_key"),
    path(PACT, pact_views.pact, name="pact"),
    path(PACT + "modifier/", pact_views.pact_edit, name="pact_edit"),
    path(PACT + "annees/", pact_views.year_open, name="year_open"),
    path(PACT + "<int:year>/montants/", pact_views.amounts, name="amounts"),
    path(PACT + "<int:year>/fonds-de-concours/", pact_views.fund_create, name="fund_create"),
    path(PACT + "fonds-de-concours/<int:pk>/", pact_views.fund_edit, name="fund_edit"),
    path(PACT + "fonds-de-concours/<int:pk>/retirer/", pact_views.fund_remove, name="fund_remove"),
    path(PACT + "<int:year>/dotation/", grant_views.grant, name="grant"),
    path(PACT + "<int:year>/dotation/modifier/", grant_views.grant_edit, name="grant_edit"),
    path(PACT + "dotations/<int:pk>/simulation/", grant_views.grant_simulate, name="grant_simulate"),
    path(PACT + "dotations/<int:pk>/adoption/", grant_views.grant_adopt, name="grant_adopt"),
]
# fmt: on
