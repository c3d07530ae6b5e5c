"""Whether a candidate is sure enough to be accepted without a person."""

from pipelines.extract.model import Claim
from pipelines.extract.scene import Scene


def sure(claim: Claim, claims: list[Claim], scene: Scene) -> bool:
    return False
