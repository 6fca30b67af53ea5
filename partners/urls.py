"""Addresses of people: directory and governance."""

from django.urls import URLPattern

app_name = "partners"
urlpatterns: list[URLPattern] = []
