"""The fixed addresses of resources; everything else below /resources/ is in the page tree."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
