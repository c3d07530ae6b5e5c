"""Invented histories of which the truth is known, and how far what stands on the line is that truth."""
