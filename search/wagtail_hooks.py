"""The editors' screens of search: the synonyms."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Synonym


class SynonymViewSet(SnippetViewSet):
    """Add, change and remove words that mean the same."""

    model = Synonym
    menu_label = "Synonyms"
    menu_name = "synonyms"
    icon = "search"
    add_to_settings_menu = True
    list_display = ["__str__"]
    search_fields = ["words"]
    panels = [FieldPanel("words")]


register_snippet(SynonymViewSet)
