"""How the reader of prose is trained: labelled texts, a network in torch, the artefact that the project runs.

Nothing in `pipelines` or `dashboards` imports this room; torch is needed here alone (the extra `training`).
"""
