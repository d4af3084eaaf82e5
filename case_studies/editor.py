"""The editor's form for a case study: grouped, explained, and strict at publication."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import Page


class CaseStudyForm(WagtailAdminPageForm):
    """The form behind the editor."""


def index_panels(base: type[Page]) -> list[Panel]:
    """The panels of the library page."""
    return [*base.content_panels, FieldPanel("introduction")]
