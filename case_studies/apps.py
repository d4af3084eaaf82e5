"""Case studies: what training programmes did to recover lost training, and how it went."""

from django.apps import AppConfig


class CaseStudiesConfig(AppConfig):
    """The room of case studies."""

    name = "case_studies"
    verbose_name = "Case studies"

    def ready(self) -> None:
        """Announce the library to search, and follow the bounds of the cost bands."""
        from django.db.models.signals import post_save

        from case_studies.documents import CaseStudySource
        from case_studies.facets import KEY, library
        from case_studies.models import CaseStudyPage
        from case_studies.money import sort_into_bands
        from learning_hub.taxonomy.models import CostBand
        from search import registry

        def bounds_moved(raw: bool = False, **kwargs: object) -> None:
            if not raw:
                sort_into_bands(CaseStudyPage.objects.all())

        post_save.connect(bounds_moved, CostBand, weak=False, dispatch_uid="case_studies.bands")
        registry.register_source(CaseStudySource())
        registry.register_collection(KEY, library)
