"""A person's yes: what speaks against a figure, what it would change, and how decisions are replayed."""
