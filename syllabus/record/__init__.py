"""The learning record: what a trainee did, her copies of it, and whom she lets see it."""
