"""Case studies: what training programmes did to recover lost training, and how it went."""

from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    """The room of case studies."""

    name = "case_studies"
    verbose_name = "Case studies"
