"""The fixed addresses of the syllabus; its pages are in the page tree."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
