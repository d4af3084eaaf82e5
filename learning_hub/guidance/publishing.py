"""What guidance needs before anyone may see it, and the refusal where it is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import get_text_list

from learning_hub.pages.refused_publication import NotReadyToPublish

if TYPE_CHECKING:
    from learning_hub.guidance.models import GuidancePage


@dataclass(frozen=True)
class Proposal:
    """What is to be published: who issued it, for whom, and whom its recommendations name."""

    introduction: str
    issuing_body: str
    audiences: tuple[str, ...]
    named: tuple[str, ...]
    messages: int


def proposal_of(page: GuidancePage) -> Proposal:
    """The proposal that an unsaved state of guidance is."""
    recommendations = list(page.recommendations.all())
    return Proposal(
        introduction=page.introduction,
        issuing_body=page.issuing_body,
        audiences=tuple(row.name for row in page.audiences.all()),
        named=tuple(row.audience for row in recommendations),
        messages=len(page.messages) + len(recommendations),
    )


def faults_of_publication(proposal: Proposal) -> Mapping[str, str]:
    """Field → what to do about it, for all that stands against publishing; empty is ready."""
    found = {
        "introduction": "" if proposal.introduction else "Write the introduction.",
        "issuing_body": "" if proposal.issuing_body else "Name the body that issued it.",
        "audiences": "" if proposal.audiences else "Name at least one audience.",
        "messages": "" if proposal.messages else "Add a main message or a recommendation.",
        "recommendations": _unknown_audiences(proposal.named, proposal.audiences),
    }
    return {name: text for name, text in found.items() if text}


def refusal_of(page: GuidancePage) -> NotReadyToPublish | None:
    """Why the guidance may not be published; None where it may. At most two queries."""
    faults = faults_of_publication(proposal_of(page))
    return NotReadyToPublish(page, sentence(faults), faults) if faults else None


def sentence(faults: Mapping[str, str]) -> str:
    """One plain message that says everything that is to be done."""
    return f"Before you publish: {' '.join(faults.values())}"


def _unknown_audiences(named: Iterable[str], audiences: Iterable[str]) -> str:
    known = set(audiences)
    unknown = [f"“{name}”" for name in dict.fromkeys(named) if name and name not in known]
    if not unknown:
        return ""
    return f"Recommendations name {get_text_list(unknown, 'and')}: add it to the audiences."
