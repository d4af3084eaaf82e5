"""Addresses in the copies that a trainee takes away: whole, and the same every time."""

from __future__ import annotations

from uuid import UUID

from learning_hub.pages.origin import origin
from syllabus.models import Certificate


def module_id(key: UUID) -> str:
    """What names a module for ever, wherever its page moves to."""
    return f"{origin()}/learning/modules/{key}"


def assessment_id(key: UUID) -> str:
    """What names a module's assessment for ever."""
    return f"{module_id(key)}/assessment"


def lesson_id(key: UUID) -> str:
    """What names a lesson for ever."""
    return f"{origin()}/learning/lessons/{key}"


def certificate_address(certificate: Certificate) -> str:
    """Where anyone can check a certificate."""
    return f"{origin()}{certificate.get_absolute_url()}"
