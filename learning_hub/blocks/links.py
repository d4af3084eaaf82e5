"""A link that an editor makes in a block: to a page, or to an address."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

# An address of this site, from its first slash on (never "//", which leaves it), or an outside one.
_ADDRESS = re.compile(r"/(?![/\\])[^\s\\]*|https://[^\s/]+(?:/\S*)?")


class LinkBlock(blocks.StructBlock):
    """Words that lead to a page or to an address; a page that moves is still found."""

    text = blocks.CharBlock(max_length=120, help_text="What happens: “Find a case study”.")
    page = blocks.PageChooserBlock(required=False)
    address = blocks.CharBlock(
        required=False,
        max_length=500,
        help_text="Instead of a page: an address of this site, such as /my/, or one with https.",
    )

    class Meta:
        icon = "link"
        template = "blocks/link.html"

    def clean(self, value: Any) -> Any:
        """Refuse a link that leads nowhere, to two places, or outside without https."""
        cleaned = super().clean(value)
        page, address = cleaned.get("page"), cleaned.get("address")
        if bool(page) == bool(address):
            message = "Choose a page, or give an address; not both."
        elif address and not _ADDRESS.fullmatch(address):
            message = "Begin with / for this site, or with https:// for another."
        else:
            return cleaned
        raise blocks.StructBlockValidationError({"address": ValidationError(message)})
