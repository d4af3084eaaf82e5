"""Alerts: mail about new case studies that match a filter, to those who confirmed it."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Alerts about new case studies."""

    name = "case_studies.alerts"
    label = "alerts"
    verbose_name = "Alerts"
