"""The Elasticsearch engine: indices of a server or a cluster, behind one alias."""
