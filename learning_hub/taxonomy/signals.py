"""Signals of the vocabularies, for those above that keep copies of what pages say."""

from django.dispatch import Signal

# Sent inside the transaction of a merge, after rows were repointed in bulk (which sends no
# signals of Django's own). Arguments: `page_ids`, a sorted list of the ids of pages whose terms
# changed; `sender` is the vocabulary's model class.
term_pages_changed = Signal()
