"""Where the reports stand in the admin."""

from django.urls import reverse_lazy

HOME = {"url": reverse_lazy("wagtailadmin_home"), "label": "Home"}
