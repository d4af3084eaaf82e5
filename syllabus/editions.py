"""Keeps what a module was at the moment somebody was assessed on it or completed it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from syllabus.models.records import ModuleEdition

if TYPE_CHECKING:  # modules refuse to be published by what stands here
    from syllabus.models import ModulePage


def edition_of(module: ModulePage, at: dt.datetime) -> ModuleEdition:
    """The edition that `module` is now, kept at its first use. Call inside a transaction."""
    facts = facts_of(module)
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    edition: ModuleEdition
    edition, _ = ModuleEdition.objects.get_or_create(
        module_key=module.translation_key,
        digest=digest,
        defaults={"version": module.version, "facts": facts, "first_used_at": at},
    )
    return edition


def facts_of(module: ModulePage) -> dict[str, Any]:
    """What a certificate attests of a module. Four queries for a module just read."""
    return {
        "title": module.title,
        "introduction": module.introduction,
        "level": module.level,
        "version": module.version,
        "audience": module.audience,
        "minutes": module.minutes,
        "domains": [domain.name for domain in module.domains.all()],
        "outcomes": [outcome.text for outcome in module.outcomes.all()],
        "lessons": [lesson.title for lesson in module.lessons],
        "completion_rule": module.completion_rule,
        "statement": module.statement,
        "pass_percent": module.pass_percent,
        "questions_per_outcome": module.questions_per_outcome,
        "validity_months": module.validity_months,
    }
