"""How far each head's scores are to be trusted: a temperature, fitted on texts that taught nothing.

Guo and others, "On Calibration of Modern Neural Networks" (2017): scores are divided by the number that makes
the right choices likeliest.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor

from training.examples import Example, run_heads, sum_losses
from training.fitting import Network, run_encoder

HEADS: Final = ("meas", "qual", "sp", "day", "start", "parts")
_TRIED: Final = np.exp(np.linspace(np.log(0.5), np.log(5), 47)).round(3)


def find_temperatures(network: Network, examples: Sequence[Example]) -> dict[str, float]:
    """For each head the temperature by which the right choices of some texts are likeliest."""
    losses: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(_TRIED)))
    network.encoder.eval()
    network.heads.eval()
    with torch.no_grad():
        for each in examples:
            if not each.mentions.numbers:
                continue
            scores = run_heads([each], run_encoder(network, [each]), network.heads)
            for place, temperature in enumerate(_TRIED):
                cooled = [_divide(told, float(temperature)) for told in scores]
                for head, loss in sum_losses([each], cooled).items():
                    losses[head][place] += float(loss)
    return {head: float(_TRIED[losses[head].argmin()]) if head in losses else 1.0 for head in HEADS}


def _divide(scores: dict[str, Tensor], temperature: float) -> dict[str, Tensor]:
    return {head: score / temperature for head, score in scores.items()}
