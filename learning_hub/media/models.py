"""The image and document models; our own from the start, since they cannot be swapped later."""

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class HubImage(AbstractImage):
    """A picture with its credit."""

    credit = models.CharField(
        max_length=255, blank=True, help_text="Who made it, and under which licence."
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"


class HubRendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(HubImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_a_size"
            )
        ]


class HubDocument(AbstractDocument):
    """A file for download."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
