"""How editors keep modules and questions, and what they are kept from."""
