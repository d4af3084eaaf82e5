"""What a module needs before it may be published, and what must not change under a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.text import get_text_list

from learning_hub.pages.refused_publication import NotReadyToPublish
from syllabus.editions import facts_of
from syllabus.models.records import Attempt, Completion, ModuleEdition

if TYPE_CHECKING:
    from syllabus.models import ModulePage

# Lessons are published one by one, after their module: each edition names those of its day.
_NOT_BOUND_TO_VERSION = {"lessons", "version"}
_SPOKEN = {
    "completion_rule": "completion rule",
    "pass_percent": "pass mark",
    "questions_per_outcome": "questions per outcome",
    "validity_months": "validity",
    "outcomes": "learning outcomes",
    "statement": "statement to confirm",
}


@dataclass(frozen=True)
class Proposal:
    """A module as somebody wants it to be.

    `facts` are those of `editions.facts_of`; `outcome_ids` the outcomes that it keeps, and
    `required_ids` the modules that come first, or do instead.
    """

    module: ModulePage
    facts: dict[str, Any]
    outcome_ids: frozenset[int]
    required_ids: frozenset[int]


def proposal_of(module: ModulePage) -> Proposal:
    """The proposal that an unsaved state of a module is."""
    required = module.prerequisites.all()
    return Proposal(
        module=module,
        facts=facts_of(module),
        outcome_ids=frozenset(outcome.pk for outcome in module.outcomes.all() if outcome.pk),
        required_ids=frozenset(
            pk for row in required for pk in (row.module_id, row.or_instead_id) if pk
        ),
    )


def faults_of_publication(proposal: Proposal) -> dict[str, str]:
    """Field → what to do about it, for all that stands against publishing; empty is ready."""
    found = {
        "statement": _missing_statement(proposal),
        "completion_rule": _missing_outcomes(proposal),
        "version": _version_in_use(proposal),
        "": " ".join(filter(None, (removed_outcomes(proposal), _circle(proposal)))),
    }
    return {name: text for name, text in found.items() if text}


def refusal_of(module: ModulePage) -> NotReadyToPublish | None:
    """Why a state of a module may not be published; None where it may."""
    faults = faults_of_publication(proposal_of(module))
    if not faults:
        return None
    by_field = {name: text for name, text in faults.items() if name}
    return NotReadyToPublish(module, " ".join(faults.values()), by_field)


def removed_outcomes(proposal: Proposal) -> str:
    """Refuses to take away outcomes whose questions are in use: their questions would be lost."""
    stored = type(proposal.module).objects.filter(pk=proposal.module.pk).first()
    if stored is None:
        return ""
    in_use = stored.outcomes.exclude(pk__in=proposal.outcome_ids).filter(
        questions__is_retired=False
    )
    names = [f"“{outcome.text}”" for outcome in in_use.filter(questions__isnull=False).distinct()]
    if not names:
        return ""
    return (
        f"There are questions for {get_text_list(names, 'and')}. Move them to another outcome or "
        "retire them before you remove it."
    )


def thin_outcomes(module: ModulePage) -> list[str]:
    """The outcomes with too few questions to draw from, each with what it has. One query a row."""
    wanted = module.questions_per_outcome
    counts = {outcome.text: outcome.questions.in_use().count() for outcome in module.outcomes.all()}
    return [f"“{text}” has {has} of {wanted}" for text, has in counts.items() if has < wanted]


def _missing_statement(proposal: Proposal) -> str:
    facts = proposal.facts
    if facts["completion_rule"] != "acknowledged" or facts["statement"].strip():
        return ""
    return "Write the statement that trainees confirm."


def _missing_outcomes(proposal: Proposal) -> str:
    facts = proposal.facts
    if facts["completion_rule"] != "passed" or facts["outcomes"] or not facts["lessons"]:
        return ""
    return "Add a learning outcome: the assessment draws its questions for each."


def _version_in_use(proposal: Proposal) -> str:
    """Refuses to change what somebody was assessed on or completed, under the same number."""
    version = proposal.facts["version"]
    used = ModuleEdition.objects.filter(
        Exists(Completion.objects.filter(edition=OuterRef("pk")))
        | Exists(Attempt.objects.filter(edition=OuterRef("pk"))),
        module_key=proposal.module.translation_key,
        version=version,
    ).order_by("first_used_at")
    latest = used.last()
    changed = [] if latest is None else _differences(latest.facts, proposal.facts)
    if not changed:
        return ""
    return (
        f"Raise the version number: trainees were assessed on version {version} or completed it, "
        f"and this changes its {get_text_list(changed, 'and')}."
    )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        _SPOKEN.get(name, name)
        for name in after
        if name not in _NOT_BOUND_TO_VERSION and before.get(name) != after[name]
    ]


def _circle(proposal: Proposal) -> str:
    """Refuses a module that must be complete before itself. One query a step of the way."""
    own = proposal.module.pk
    modules = type(proposal.module).objects
    seen: set[int] = set()
    step = set(proposal.required_ids)
    while step and own not in step:
        seen |= step
        rows = modules.filter(Q(pk__in=step)).values_list(
            "prerequisites__module", "prerequisites__or_instead"
        )
        step = {pk for row in rows for pk in row if pk} - seen
    if own is None or own not in step:
        return ""
    return "This module would have to be completed before itself. Change what comes first."
