"""The fixed addresses of events; everything else below /events/ is in the page tree."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
