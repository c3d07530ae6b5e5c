"""Cited pages are read again, a verdict is proposed for each of their figures, and a person confirms it.

A page comes from a folder of saved pages, from the inbox, or from the web as politely as `collect` asks it.
Nothing becomes a reading (`pipelines.verifications`) without a person's yes.
"""
