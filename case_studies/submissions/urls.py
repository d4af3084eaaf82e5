"""The address at which the service sends in an initiative."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
