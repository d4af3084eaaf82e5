"""The fixed addresses of updates; everything else below /updates/ is in the page tree."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
