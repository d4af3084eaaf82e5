"""A number that changes with a document, to tell whether an index holds its latest form."""

from __future__ import annotations

import json
from hashlib import blake2b

from search.contract import SearchDocument


def digest_of(document: SearchDocument) -> int:
    """A signed 64-bit digest of everything that is indexed of `document`."""
    content = json.dumps(
        [
            document.kind,
            document.title,
            document.summary,
            document.body,
            sorted((key, sorted(values)) for key, values in document.facets.items()),
            sorted(document.audience),
            document.published_at.timestamp(),
            document.rank,
            document.expires_at.timestamp() if document.expires_at else None,
        ]
    )
    return int.from_bytes(blake2b(content.encode(), digest_size=8).digest(), "big", signed=True)
