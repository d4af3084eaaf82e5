"""The small set of blocks that every page body is built from."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText

from learning_hub.blocks.outside_html import storable_running_text

# What an editor may write in running text: no headings, images or embeds inside it.
RUNNING_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level, the first below the page's title."""

    class Meta:
        icon = "title"
        template = "blocks/heading.html"


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=RUNNING_TEXT_FEATURES, **kwargs)

    def to_python(self, value: str) -> RichText:
        """Read what the database holds, without anything that could run."""
        return RichText(storable_running_text(value))

    def normalize(self, value: RichText | str | None) -> RichText:
        """Take what code gives, without anything that could run."""
        source = value.source if isinstance(value, RichText) else value or ""
        return RichText(storable_running_text(source))

    class Meta:
        icon = "pilcrow"
        template = "blocks/paragraph.html"


class FigureBlock(blocks.StructBlock):
    """A picture with its alternative text, or marked as decorative, and a caption."""

    image = ImageBlock()
    caption = blocks.CharBlock(required=False, max_length=255)

    class Meta:
        icon = "image"
        template = "blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    """What someone said, and in which role."""

    quote = blocks.TextBlock()
    role = blocks.CharBlock(help_text="A role, such as “core surgical trainee”; not a name.")

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"


class CalloutBlock(blocks.StructBlock):
    """Something that a reader must not miss."""

    heading = blocks.CharBlock(max_length=80)
    text = ParagraphBlock()

    class Meta:
        icon = "warning"
        template = "blocks/callout.html"


class DetailsBlock(blocks.StructBlock):
    """More for those who want it, closed until opened."""

    summary = blocks.CharBlock(max_length=120)
    text = ParagraphBlock()

    class Meta:
        icon = "arrow-down-big"
        template = "blocks/details.html"


class TableRowsBlock(blocks.StructBlock):
    """A table typed as lines of text; the first line holds the column headings."""

    caption = blocks.CharBlock(max_length=255)
    rows = blocks.TextBlock(help_text="One row a line, the cells divided by a bar: Week | Places")

    class Meta:
        icon = "table"
        template = "blocks/table.html"

    def clean(self, value: Any) -> Any:
        """Refuse a table whose rows differ in length: its cells would lose their headings."""
        cleaned = super().clean(value)
        lengths = {len(row) for row in table_rows(cleaned["rows"])}
        if len(lengths) > 1:
            raise blocks.StructBlockValidationError(
                {"rows": ValidationError("Give every row as many cells as the first.")}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the headings and the rows."""
        context = super().get_context(value, parent_context)
        context["headings"], *context["body_rows"] = table_rows(value["rows"]) or [[]]
        return context


def table_rows(text: str) -> list[list[str]]:
    """The cells of each line that is not empty."""
    return [
        [cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()
    ]


class DownloadBlock(blocks.StructBlock):
    """A file, shown with its type and size."""

    document = DocumentChooserBlock()
    description = blocks.CharBlock(required=False, max_length=255)

    class Meta:
        icon = "download"
        template = "blocks/download.html"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    figure = FigureBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    details = DetailsBlock()
    table = TableRowsBlock()
    download = DownloadBlock()
