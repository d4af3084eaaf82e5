"""The embedded engine: a tantivy index in a folder of this machine."""
