"""The benchmark of search: real rows, Wagtail's own search beside ours, every answer compared."""
