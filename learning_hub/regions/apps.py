"""Regions: what each region of England achieved, and what it started."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """The room of the regions."""

    name = "learning_hub.regions"
    label = "regions"
    verbose_name = "Regions"

    def ready(self) -> None:
        """Announce the pages to search, and follow regions that are merged."""
        from learning_hub.regions.documents import RegionSource
        from learning_hub.regions.merged import follow_regions
        from learning_hub.taxonomy.models import Region
        from learning_hub.taxonomy.signals import term_pages_changed
        from search import registry

        def merged(page_ids: list[int], **kwargs: object) -> None:
            follow_regions(page_ids)

        term_pages_changed.connect(merged, Region, weak=False, dispatch_uid="regions.merged")
        registry.register_source(RegionSource())
