"""The short lists of guidance: its main messages, and the history of its versions."""

from __future__ import annotations

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class MessageBlock(blocks.StructBlock):
    """One main message, and a sentence that explains it."""

    message = blocks.CharBlock(max_length=200)
    explanation = blocks.TextBlock(required=False, rows=2)

    class Meta:
        icon = "pick"


class MessagesBlock(blocks.StreamBlock):
    """What a reader should remember, in order."""

    message = MessageBlock()


class VersionBlock(blocks.StructBlock):
    """One version as it was issued."""

    version = blocks.CharBlock(max_length=60, help_text="Such as “2” or “2021”.")
    issued_on = blocks.DateBlock(label="Date")
    what_changed = blocks.TextBlock(rows=2)
    document = DocumentChooserBlock(required=False, help_text="The text of this version.")

    class Meta:
        icon = "history"


class VersionsBlock(blocks.StreamBlock):
    """Every version there was, newest first."""

    version = VersionBlock()
