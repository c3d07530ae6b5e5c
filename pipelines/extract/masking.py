"""Personal names and identity numbers leave the phrase before anything keeps it."""

from pipelines.extract.scene import Scene


def mask_span(scene: Scene, first: int, last: int) -> str:
    start, end = scene.normal.span(scene.tokens[first].start, scene.tokens[last - 1].end)
    return scene.normal.original[start:end]
