"""Gives a site something to lose: a study, a module, people with records, a certificate, files."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from learning_hub.media.models import HubDocument, HubImage
from syllabus.models import Certificate
from tests.factories.case_studies import make_case_study
from tests.factories.syllabus import complete_module, make_module, make_trainee


def furnish() -> Certificate:
    """The certificate of Alice, who completed a module; a study and two files besides."""
    drawn = BytesIO()
    Image.new("RGB", (320, 240), "navy").save(drawn, "PNG")
    picture = HubImage.objects.create(
        title="Picture", file=ImageFile(BytesIO(drawn.getvalue()), "picture.png")
    )
    picture.get_rendition("width-160")
    HubDocument.objects.create(title="Notes", file=ContentFile(b"notes" * 1000, "notes.txt"))
    make_case_study("Box trainers (fictional)", set_up_cost=Decimal("1250.50"))
    certificate: Certificate = complete_module(make_trainee(), make_module()).certificate
    return certificate
