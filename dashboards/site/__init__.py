"""The static site: a build as plain files that any host can serve, or that open from a USB stick.

`publishing.publish` writes it; templates are in `templates/`, every value in them escaped.
"""
