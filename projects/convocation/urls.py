"""Addresses of the room."""

from django.urls import path

from projects.convocation import item_views, views

urlpatterns = [
    path("seances/<int:pk>/convocation/", views.convocation, name="convocation"),
    path("seances/<int:pk>/annuler/", views.session_cancel, name="session_cancel"),
    path("seances/<int:pk>/information/<str:kind>/", views.councillors_send, name="councillors_send"),
    path("seances/information-municipale/", views.councillors_informed, name="councillors_informed"),
    path("seances/envois/<int:pk>/remises/", views.handed_over, name="handed_over"),
    path("seances/envois/<int:pk>/renvoyer/", views.mailing_send_again, name="mailing_send_again"),
    path("seances/points/<int:pk>/", item_views.item_file, name="item_file"),
]
