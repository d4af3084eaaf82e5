"""The addresses of alerts: asking, confirming, changing, ending."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
