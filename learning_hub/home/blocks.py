"""The sections that editors arrange on the home page and on the pages that start visitors off."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

from learning_hub.blocks.body import ParagraphBlock
from learning_hub.blocks.links import LinkBlock
from learning_hub.home.addresses import LIBRARY_ADDRESS, SYLLABUS_ADDRESS
from learning_hub.home.find_box import select_lists
from learning_hub.home.whats_new import kind_choices, newest
from learning_hub.taxonomy import vocabulary
from syllabus.planning.next_module import next_module


class SectionBlock(blocks.StructBlock):
    """A section with its heading."""

    heading = blocks.CharBlock(max_length=80)
    text = blocks.TextBlock(required=False, help_text="One or two sentences, or nothing.")


class FindBoxBlock(blocks.StructBlock):
    """The way into the library: words, and the three facets that people know of themselves."""

    label = blocks.CharBlock(max_length=80, default="Find what worked")
    hint = blocks.CharBlock(max_length=160, required=False)

    class Meta:
        icon = "search"
        template = "home/blocks/find_box.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the choices and where the form leads."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["select_lists"] = select_lists(vocabulary.current().terms)
        context["library_address"] = LIBRARY_ADDRESS
        return context


class WhatIsNewBlock(SectionBlock):
    """What was published last, of the kinds that the editor ticks."""

    kinds = blocks.MultipleChoiceBlock(
        choices=kind_choices,
        required=False,
        help_text="Tick none for pages of every kind.",
    )
    number = blocks.IntegerBlock(min_value=1, max_value=12, default=6)

    class Meta:
        icon = "date"
        template = "home/blocks/what_is_new.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the pages that this visitor may see."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["found"] = newest(context["request"], value["kinds"], value["number"])
        return context


class RegionsBlock(SectionBlock):
    """The map of the regions."""

    class Meta:
        icon = "site"
        template = "home/blocks/regions.html"


class SyllabusBlock(SectionBlock):
    """The module that this visitor goes on with, or begins."""

    class Meta:
        icon = "form"
        template = "home/blocks/syllabus.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the module."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["next"] = next_module(context["request"])
        context["syllabus_address"] = SYLLABUS_ADDRESS
        return context


class ShareBlock(SectionBlock):
    """The invitation to send in an initiative."""

    class Meta:
        icon = "mail"
        template = "home/blocks/share.html"


class TaskBlock(SectionBlock):
    """The main task of a page's visitors, with its button."""

    link = LinkBlock()

    class Meta:
        icon = "pick"
        template = "home/blocks/task.html"


class CardBlock(SectionBlock):
    """One way to go."""

    link = LinkBlock()


class CardsBlock(blocks.StructBlock):
    """A few ways to go, side by side."""

    heading = blocks.CharBlock(max_length=80)
    cards = blocks.ListBlock(CardBlock(), min_num=1, max_num=9)

    class Meta:
        icon = "grip"
        template = "home/blocks/cards.html"


class StepsBlock(blocks.StructBlock):
    """What to do, one step after the other."""

    heading = blocks.CharBlock(max_length=80)
    steps = blocks.ListBlock(CardBlock(), min_num=2, max_num=9)

    class Meta:
        icon = "list-ol"
        template = "home/blocks/steps.html"


class TextBlock(blocks.StructBlock):
    """A heading and running text."""

    heading = blocks.CharBlock(max_length=80)
    text = ParagraphBlock()

    class Meta:
        icon = "pilcrow"
        template = "home/blocks/text.html"


class StartBlock(blocks.StreamBlock):
    """The sections of a page that starts visitors off, in the order in which they are shown."""

    find_box = FindBoxBlock()
    main_task = TaskBlock()
    steps = StepsBlock()
    what_is_new = WhatIsNewBlock()
    regions = RegionsBlock()
    syllabus = SyllabusBlock()
    share = ShareBlock()
    cards = CardsBlock()
    text = TextBlock()

    class Meta:
        # Their forms and headings have fixed ids.
        block_counts = {
            name: {"max_num": 1}
            for name in ("find_box", "main_task", "what_is_new", "regions", "syllabus", "share")
        }
