"""Addresses of the people and of their structures: each room brings its own, all under the one name `partners`."""

from partners.governance.urls import urlpatterns as governance
from partners.people.urls import urlpatterns as people

app_name = "partners"
urlpatterns = [*people, *governance]
