"""`manage.py rotate_issuer_key`: signs with a new key from now on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from syllabus.certificates import issuer


class Command(BaseCommand):
    """Makes the next issuer key; what older keys signed stays genuine."""

    help = "Make a new issuer key and sign certificates with it from now on."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and say which key signs now."""
        key = issuer.rotate(at=timezone.now())
        self.stdout.write(f"Certificates are signed with the key {key.thumbprint()} from now on.")
        self.stdout.write("Older keys stay published: what they signed stays genuine.")
