"""Addresses of the room."""

from django.urls import path

from projects.ballots import views

urlpatterns = [
    path("seances/<int:pk>/tenir/", views.desk, name="desk"),
    path("seances/<int:pk>/appel/", views.roll, name="roll"),
    path("seances/<int:pk>/mouvement/", views.movement, name="movement"),
    path("seances/<int:pk>/pouvoir/", views.proxy_give, name="proxy_give"),
    path("seances/<int:pk>/pouvoir/<int:proxy>/retirer/", views.proxy_revoke, name="proxy_revoke"),
    path("seances/<int:pk>/urgence/", views.urgent, name="urgent"),
    path("seances/<int:pk>/urgence/vote/", views.urgency_settle, name="urgency_settle"),
    path("seances/<int:pk>/ecran/", views.screen, name="screen"),
    path("seances/<int:pk>/voter/", views.tablet, name="tablet"),
    path("seances/points/<int:pk>/appeler/", views.item_call, name="item_call"),
    path("seances/points/<int:pk>/deport/", views.withdrawal, name="withdrawal"),
    path("seances/points/<int:pk>/scrutin/", views.ballot_open, name="ballot_open"),
    path("seances/points/<int:pk>/proclamer/", views.proclaim, name="proclaim"),
    path("seances/points/<int:pk>/reinscrire/", views.bring_back, name="bring_back"),
    path("seances/scrutins/<int:pk>/avancement/", views.desk_count, name="desk_count"),
    path("seances/scrutins/<int:pk>/noms/", views.ballot_names, name="ballot_names"),
    path("seances/scrutins/<int:pk>/clore/", views.ballot_close, name="ballot_close"),
    path("seances/scrutins/<int:pk>/annuler/", views.ballot_cancel, name="ballot_cancel"),
    path("seances/scrutins/<int:pk>/voix/", views.vote, name="vote"),
]
