"""Makes an old revision readable where a term or a file that it names has been deleted since."""

from __future__ import annotations

from typing import Any

from django.db.models import PROTECT, ForeignKey, Model
from modelcluster.models import ClusterableModel, get_all_child_relations

Content = dict[str, Any]


def without_what_was_deleted(model: type[ClusterableModel], content: Content) -> Content:
    """A revision's content without references to what is no longer there.

    Protection keeps what a stored study uses, but knows nothing of revisions; reading a revision
    whose protected reference is gone ends in an exception. A value that may be empty becomes
    empty, and a row that is nothing without what it names (a file of the kit) is left out.
    """
    content = _mended(model, content) or content
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name()
        rows = [_mended(relation.related_model, row) for row in content.get(name, [])]
        content[name] = [row for row in rows if row is not None]
    return content


def _mended(model: type[Model], values: Content) -> Content | None:
    """The values without dangling references; None where the row cannot be without one."""
    gone = [field for field in model._meta.get_fields() if _is_gone(field, values)]
    if any(not field.null for field in gone):
        return None
    return {**values, **{field.name: None for field in gone}}


def _is_gone(field: Any, values: Content) -> bool:
    if not isinstance(field, ForeignKey) or field.remote_field.on_delete is not PROTECT:
        return False
    key = values.get(field.name)
    return key is not None and not field.related_model._default_manager.filter(pk=key).exists()
