"""The form of a region's page: the region is chosen once, from those that have no page yet."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import PagePermissionTester

from learning_hub.taxonomy.models import Region

CHOSEN_ONCE = "The page is about this region for good; the region's slug is its address."


class RegionPageForm(WagtailAdminPageForm):
    """Offers regions without a page; keeps the region of a page that exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" not in self.fields:
            return
        field: Any = self.fields["region"]
        if self.instance.pk:
            field.disabled = True
            field.help_text = CHOSEN_ONCE
        else:
            field.queryset = Region.objects.offered().filter(page__isnull=True)


class OneOfItsKind(PagePermissionTester):
    """Nobody copies the page of a region: a region has one page."""

    def can_copy(self) -> bool:
        """Never."""
        return False
