"""The editor's panels for a resource: first what every kind has, then what each kind needs."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

from learning_hub.pages.filed import FiledPage


def resource_panels() -> list[Panel]:
    """The panels of the first tab."""
    return [
        *FiledPage.content_panels,
        FieldPanel("kind", help_text="What it is. Each kind needs something else, named below."),
        FieldRowPanel([FieldPanel("publisher")]),
        FieldRowPanel([FieldPanel("published_on"), FieldPanel("date_precision")]),
        FieldPanel("introduction"),
        InlinePanel(
            "highlights",
            heading="Highlights",
            label="highlight",
            help_text="What stands out in a report, the most important first.",
        ),
        FieldPanel("body"),
        InlinePanel(
            "files",
            heading="Files",
            label="file",
            help_text="A toolkit needs at least one; a report needs one, or an address.",
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldPanel("behind_address"),
                FieldPanel("needs_sign_in"),
            ],
            heading="Elsewhere on the web",
            help_text="A link needs an address.",
        ),
        MultiFieldPanel(
            [FieldPanel("recording"), FieldPanel("captions"), FieldPanel("transcript")],
            heading="Film or sound",
            help_text="A recording needs all three.",
        ),
        FieldPanel("source"),
        FieldPanel("is_illustrative"),
        FiledPage.filing_panel,
    ]
