"""The pieces that lessons are built from: those of every page, and those that teach."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from learning_hub.blocks.body import BodyBlock, ParagraphBlock
from syllabus.studying.knowledge_checks import knowledge_check

VIDEO_FILES = ("mp4", "webm")
AUDIO_FILES = ("mp3", "m4a")
CAPTION_FILES = ("vtt",)


class MediaBlock(blocks.StructBlock):
    """A file to play, with its captions, checked by their kind."""

    playable: tuple[str, ...] = ()

    def clean(self, value: Any) -> Any:
        """Refuse a file that browsers cannot play, or captions that they cannot show."""
        cleaned = super().clean(value)
        wrong = {
            name: ValidationError(f"Choose a file that ends in {' or '.join(endings)}.")
            for name, endings in (("file", self.playable), ("captions", CAPTION_FILES))
            if cleaned[name] and cleaned[name].file_extension.lower() not in endings
        }
        if wrong:
            raise blocks.StructBlockValidationError(wrong)
        return cleaned


class VideoBlock(MediaBlock):
    """A film from this site, with captions, and the same in words."""

    playable = VIDEO_FILES

    title = blocks.CharBlock(max_length=120)
    file = DocumentChooserBlock(help_text="MP4 or WebM.")
    captions = DocumentChooserBlock(help_text="WebVTT, with who speaks and what else is heard.")
    poster = ImageChooserBlock(required=False)
    transcript = ParagraphBlock(help_text="What is said and what is shown.")

    class Meta:
        icon = "media"
        template = "blocks/video.html"


class AudioBlock(MediaBlock):
    """A recording from this site, and the same in words."""

    playable = AUDIO_FILES

    title = blocks.CharBlock(max_length=120)
    file = DocumentChooserBlock(help_text="MP3 or M4A.")
    captions = DocumentChooserBlock(required=False, help_text="WebVTT.")
    transcript = ParagraphBlock(help_text="What is said, and by whom.")

    class Meta:
        icon = "media"
        template = "blocks/audio.html"


class VignetteBlock(blocks.StructBlock):
    """A short case from practice, and questions to think about."""

    title = blocks.CharBlock(max_length=120)
    story = ParagraphBlock()
    questions = blocks.ListBlock(blocks.CharBlock(max_length=255), min_num=1)

    class Meta:
        icon = "user"
        template = "blocks/vignette.html"


class ChecklistBlock(blocks.StructBlock):
    """Things to do or to look for, to take away and tick off."""

    title = blocks.CharBlock(max_length=120)
    items = blocks.ListBlock(blocks.CharBlock(max_length=255), min_num=2)

    class Meta:
        icon = "tick-inverse"
        template = "blocks/checklist.html"


class CheckOptionBlock(blocks.StructBlock):
    """One answer to a knowledge check, and what to say to whoever chooses it."""

    text = blocks.CharBlock(max_length=255)
    is_correct = blocks.BooleanBlock(required=False, label="Correct")
    feedback = blocks.CharBlock(max_length=500)


class KnowledgeCheckBlock(blocks.StructBlock):
    """A question in a lesson, for practice: it counts for nothing, and says why at once."""

    question = blocks.CharBlock(max_length=255)
    options = blocks.ListBlock(CheckOptionBlock(), min_num=2, max_num=6)

    class Meta:
        icon = "help"
        template = "blocks/knowledge_check.html"

    def clean(self, value: Any) -> Any:
        """Refuse a check that nobody can get right, or nobody can get wrong."""
        cleaned = super().clean(value)
        correct = [bool(option["is_correct"]) for option in cleaned["options"]]
        if not any(correct) or all(correct):
            text = "Mark the correct answer." if not any(correct) else "Leave one answer wrong."
            raise blocks.StructBlockValidationError({"options": ValidationError(text)})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the check as this visitor sees it: `block_id` and `request` come from the page."""
        context = super().get_context(value, parent_context)
        request = context.get("request")
        asked = request.GET if request is not None else {}
        context["check"] = knowledge_check(context.get("block_id") or "", value, asked)
        return context


class LessonBodyBlock(BodyBlock):
    """The body of a lesson; `details` is its reveal."""

    video = VideoBlock()
    audio = AudioBlock()
    vignette = VignetteBlock()
    checklist = ChecklistBlock()
    knowledge_check = KnowledgeCheckBlock()
