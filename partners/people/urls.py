"""Addresses of the room, and of the directory, whose pages ask what the person may do."""

from django.urls import path

from partners.people import directory_views, invitation_views, proconnect_views, views

urlpatterns = [
    path("personnes/", views.people, name="people"),
    path("personnes/ajouter/", views.membership_add, name="membership_add"),
    path("personnes/<int:pk>/terminer/", views.membership_close, name="membership_close"),
    path("partenaires/", directory_views.directory, name="directory"),
    path("partenaires/ajouter/", directory_views.partner_add, name="partner_add"),
    path("partenaires/doublons/", directory_views.duplicates, name="duplicates"),
    path("partenaires/<int:pk>/", directory_views.partner, name="partner"),
    path("partenaires/<int:pk>/modifier/", directory_views.partner_edit, name="partner_edit"),
    path("partenaires/<int:pk>/fusionner/<int:other>/", directory_views.partner_merge, name="partner_merge"),
    path("partenaires/<int:pk>/differents/<int:other>/", directory_views.partners_apart, name="partners_apart"),
    path("partenaires/differents/<int:pk>/revenir/", directory_views.apart_take_back, name="apart_take_back"),
    path("partenaires/<int:pk>/relais/ajouter/", directory_views.relay_add, name="relay_add"),
    path("partenaires/<int:pk>/inviter/", invitation_views.invite, name="invite"),
    path("partenaires/relais/a-effacer/", directory_views.relays_to_erase, name="relays_to_erase"),
    path("partenaires/relais/<int:pk>/modifier/", directory_views.relay_edit, name="relay_edit"),
    path("partenaires/relais/<int:pk>/effacer/", directory_views.relay_erase, name="relay_erase"),
    path("partenaires/invitations/<int:pk>/annuler/", invitation_views.invitation_revoke, name="invitation_revoke"),
    path("connexion/proconnect/", proconnect_views.leave, name="proconnect"),
    path("connexion/proconnect/retour/", proconnect_views.come_back, name="proconnect_return"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
]
