"""Submissions: initiatives that the service sends in, for moderators to take up."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """Initiatives that the service sends in."""

    name = "case_studies.submissions"
    label = "submissions"
    verbose_name = "Submissions"
