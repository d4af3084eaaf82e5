"""How sure we can be, in words and steps; kept apart from how much changed."""

from __future__ import annotations

from dataclasses import dataclass

from learning_hub.taxonomy.models import EvidenceLevel

# The scale has four levels above "tested and no effect", which is a finding and not a low mark.
STEPS = 4


@dataclass(frozen=True)
class Evidence:
    """One level of evidence, for reading. `filled` says which of the steps it reaches."""

    slug: str
    name: str
    meaning: str
    filled: tuple[bool, ...]

    @property
    def has_steps(self) -> bool:
        """Whether the level stands on the scale at all."""
        return any(self.filled)


def evidence_of(level: EvidenceLevel | None) -> Evidence | None:
    """The level as a reader sees it; None for a draft that has none yet."""
    if level is None:
        return None
    reached = max(0, min(STEPS, level.strength - 1))
    return Evidence(
        slug=level.slug,
        name=level.name,
        meaning=level.description,
        filled=tuple(step < reached for step in range(STEPS)),
    )
