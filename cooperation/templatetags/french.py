"""Filters that write French."""

from django import template

register = template.Library()
