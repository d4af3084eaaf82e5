"""The fixed addresses of guidance; everything else below /guidance/ is in the page tree."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
