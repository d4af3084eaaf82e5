"""Case studies: what training programmes did to recover lost training, and how it went."""

from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    """The room of case studies."""

    name = "case_studies"
    verbose_name = "Case studies"

    def ready(self) -> None:
        """Announce the library to search."""
        from case_studies.documents import CaseStudySource
        from case_studies.facets import library
        from search import registry

        registry.register_source(CaseStudySource())
        registry.register_collection(library())
