"""The commands of `python -m dashboards`, one module each."""
