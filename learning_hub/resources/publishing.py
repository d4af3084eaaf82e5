"""What a resource of each kind needs before anyone may see it, and the refusal without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from learning_hub.blocks.plain_text import plain
from learning_hub.pages.refused_publication import NotReadyToPublish
from learning_hub.resources.kinds import CAPTIONS, ResourceKind, playable

if TYPE_CHECKING:
    from learning_hub.resources.models import ResourcePage


@dataclass(frozen=True)
class Proposal:
    """A resource as somebody wants it to be. Files are documents or None."""

    kind: str
    address: str
    number_of_files: int
    recording: Any = None
    captions: Any = None
    transcript: str = ""


def proposal_of(resource: ResourcePage) -> Proposal:
    """The proposal that an unsaved state of a resource is. At most three queries."""
    return Proposal(
        kind=resource.kind,
        address=resource.address,
        number_of_files=len(resource.files.all()),
        recording=resource.recording,
        captions=resource.captions,
        transcript=resource.transcript,
    )


def faults_of_publication(proposal: Proposal) -> dict[str, str]:
    """Field → what to do about it, for all that stands against publishing; empty is ready."""
    return {
        **_NEEDS[ResourceKind(proposal.kind)](proposal),
        **wrong_files(proposal.recording, proposal.captions),
    }


def wrong_files(recording: Any, captions: Any) -> dict[str, str]:
    """Field → what to do, where a file is of a kind that browsers cannot play or show."""
    found = {}
    if recording and recording.file_extension.lower() not in playable():
        found["recording"] = f"Choose a file that ends in {' or '.join(playable())}."
    if captions and captions.file_extension.lower() != CAPTIONS:
        found["captions"] = f"Choose a file that ends in {CAPTIONS}."
    return found


def refusal_of(resource: ResourcePage) -> NotReadyToPublish | None:
    """Why a state of a resource may not be published; None where it may."""
    faults = faults_of_publication(proposal_of(resource))
    return NotReadyToPublish(resource, " ".join(faults.values()), faults) if faults else None


def _report(proposal: Proposal) -> dict[str, str]:
    if proposal.number_of_files or proposal.address:
        return {}
    return {"address": "Add the report as a file, or give the address where it can be read."}


def _toolkit(proposal: Proposal) -> dict[str, str]:
    return {} if proposal.number_of_files else {"files": "Add at least one file to the toolkit."}


def _recording(proposal: Proposal) -> dict[str, str]:
    found = {}
    if not proposal.recording:
        found["recording"] = "Choose the film or sound file."
    if not proposal.captions:
        found["captions"] = "Choose the captions: people who cannot hear need them."
    if not plain(proposal.transcript):
        found["transcript"] = "Write the transcript: people who cannot hear or see need it."
    return found


def _link(proposal: Proposal) -> dict[str, str]:
    return {} if proposal.address else {"address": "Give the address that the link leads to."}


_NEEDS = {
    ResourceKind.REPORT: _report,
    ResourceKind.TOOLKIT: _toolkit,
    ResourceKind.RECORDING: _recording,
    ResourceKind.LINK: _link,
}
