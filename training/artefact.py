"""What the project runs: the encoder as ONNX in eight bits, word vectors in four, heads, vocabulary."""

import gzip
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2
from torch import Tensor, nn
from wordfreq import top_n_list

from training.fitting import Network
from training.source_weights import SourceWeights

# Words of each language whose pieces are kept besides those of the labelled texts.
_WORDS: Final = {"es": 2100, "en": 2100, "pt": 1050, "it": 1050, "fr": 1050, "de": 1050}
_BLOCK: Final = 128  # weights, and activations, that share a scale
_ACTIVATIONS: Final = 4  # onnxruntime's level for eight bits, made while it computes
_LETTERS: Final = 0x250  # single characters below are kept: Latin letters, signs
_KINDS: Final = sentencepiece_model_pb2.ModelProto.SentencePiece


def choose_pieces(source: SourceWeights, texts: Iterable[str]) -> np.ndarray:
    """The ids of the pieces that are kept: of the texts, common words, numbers, single characters."""
    whole = open_vocabulary(make_vocabulary(source, np.arange(len(source.pieces))))
    used: Counter[int] = Counter()
    for text in texts:
        used.update(whole.encode(text.replace("\n", " ")))
    for language, count in _WORDS.items():
        words = top_n_list(language, count)
        for word in (*words, *map(str.capitalize, words)):
            used.update(whole.encode(word))
    for number, piece in enumerate(source.pieces):
        bare = piece.strip("▁")
        if (bare.isdigit() and len(bare) <= 4) or (len(bare) <= 1 and ord(bare or "a") < _LETTERS):
            used[number] += 1
    special = [source.begin, source.padding, source.end, source.unknown]
    return np.array([*special, *sorted(set(used) - set(special))])


def make_vocabulary(source: SourceWeights, rows: np.ndarray) -> bytes:
    """A SentencePiece model of some pieces."""
    model = sentencepiece_model_pb2.ModelProto()
    control = {source.begin, source.end, source.padding}
    for number in rows.tolist():
        kind = _KINDS.UNKNOWN if number == source.unknown else _KINDS.CONTROL
        if number not in control and number != source.unknown:
            kind = _KINDS.NORMAL
        model.pieces.add(piece=source.pieces[number], score=float(source.scores[number]), type=kind)
    place = {number: index for index, number in enumerate(rows.tolist())}
    trainer, normaliser = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.vocab_size = sentencepiece_model_pb2.TrainerSpec.UNIGRAM, len(rows)
    trainer.unk_id, trainer.bos_id = place[source.unknown], place[source.begin]
    trainer.eos_id, trainer.pad_id = place[source.end], place[source.padding]
    normaliser.add_dummy_prefix = normaliser.remove_extra_whitespaces = normaliser.escape_whitespaces = True
    out: bytes = model.SerializeToString()
    return out


def open_vocabulary(stored: bytes) -> SentencePieceProcessor:
    """The tokenizer of a stored model."""
    return SentencePieceProcessor(model_proto=stored)


class _Exported(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder = network.encoder

    def forward(self, words: Tensor, kinds: Tensor) -> Tensor:
        out: Tensor = self.encoder(words, kinds)
        return out


def write_artefact(
    network: Network,
    source: SourceWeights,
    rows: np.ndarray,
    parts: Sequence[str],
    card: dict[str, Any],
    out: Path,
) -> None:
    """Write the folder that `pipelines/intake/prose/encoder.py` reads."""
    out.mkdir(parents=True, exist_ok=True)
    logging.getLogger("onnxruntime.quantization").setLevel(logging.WARNING)  # it tells of each node
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "encoder.onnx"
        example = (torch.zeros(1, 40, source.width), torch.zeros(1, 40, dtype=torch.long))
        names = {"input_names": ["words", "kinds"], "output_names": ["states"]}
        axes = {"words": {1: "pieces"}, "kinds": {1: "pieces"}, "states": {1: "pieces"}}
        torch.onnx.export(
            _Exported(network).eval(), example, str(whole), dynamic_axes=axes, opset_version=18,
            dynamo=False, **names,
        )  # fmt: skip
        weights = MatMulNBitsQuantizer(
            onnx.load(whole),
            algo_config=DefaultWeightOnlyQuantConfig(
                _BLOCK, is_symmetric=True, bits=8, accuracy_level=_ACTIVATIONS
            ),
        )
        weights.process()
        small = weights.model.model.SerializeToString()
        (out / "encoder.onnx.gz").write_bytes(gzip.compress(small, mtime=0))
    packed, scale = source.packed("emb.word", source.width, rows)
    np.savez_compressed(out / "words.npz", packed=packed, scale=scale)
    heads = network.heads.state_dict().items()
    np.savez_compressed(out / "heads.npz", **{name: each.numpy().astype(np.float16) for name, each in heads})
    (out / "vocabulary.model").write_bytes(make_vocabulary(source, rows))
    told = {"edges": list(network.edges), "parts": list(parts), **card}
    (out / "card.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_artefact(folder: Path, network: Network, parts: Sequence[str]) -> None:
    """Give a network the weights of an artefact, to go on from; of `parts` that are new it knows nothing."""
    model = onnx.load_from_string(gzip.decompress((folder / "encoder.onnx.gz").read_bytes()))
    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    told = {name.removeprefix("encoder."): torch.tensor(each) for name, each in stored.items()}
    for node in model.graph.node:
        if node.op_type == "MatMulNBits":
            *_, layer, matrix, _ = node.name.split("/")
            packed, scale = (stored[name] for name in node.input[1:3])
            weights = (packed.astype(np.float32) - 128) * scale[..., None]
            told[f"{layer}.{matrix}.weight"] = torch.tensor(weights.reshape(len(weights), -1))
    kept = network.encoder.state_dict()
    network.encoder.load_state_dict({name: told.get(name, each) for name, each in kept.items()})
    known = json.loads((folder / "card.json").read_text("utf-8"))["parts"]
    with np.load(folder / "heads.npz") as tables:
        heads = {name: torch.tensor(tables[name].astype(np.float32)) for name in tables.files}
    for name in ("bd.weight", "bd.bias"):
        own = network.heads.state_dict()[name].clone()
        for index, value in enumerate(parts):
            if value in known:
                own[index] = heads[name][known.index(value)]
        heads[name] = own
    network.heads.load_state_dict(heads)
