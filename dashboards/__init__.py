"""Pages out: from the published build to what a reader sees."""
