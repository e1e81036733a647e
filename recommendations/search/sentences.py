"""Vectors of sentences from a small model whose weights lie in a package: words have a vector each, and a sentence their mean.

The model is WordLlama (Miller 2024), embeddings of a large language model that were trained anew for comparing sentences.
It needs the dependency group ``meaning``; without it nothing here has a vector, and searches go by words alone.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE, NAME = "wordllama", "wordllama l2_supercat 256"
_WEIGHTS, _TOKENIZER = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
# A text is as long as a page of a book at most; the rest says little more of a film.
LONGEST_TEXT = 4_000


@dataclass(frozen=True)
class SentenceModel:
    """``words`` has a vector for each piece of a word (pieces, d)."""

    words: NDArray[np.float32]
    tokenizer: Any

    @property
    def dimensions(self) -> int:
        """The length d of a vector."""
        return int(self.words.shape[1])

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (texts, d); zeros for a text without any letter.

        The pieces are numbered from frequent to rare, so the logarithm of the number weighs a piece as the logarithm of its
        rank (Zipf's law): "the" counts less than "heist".
        """
        encoded = self.tokenizer.encode_batch_fast(
            [text[:LONGEST_TEXT] for text in texts], add_special_tokens=False
        )
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, pieces in zip(found, (np.array(one.ids, np.intp) for one in encoded), strict=True):
            total = np.log1p(pieces).astype(np.float32) @ self.words[pieces]
            length = np.linalg.norm(total)
            if length > 0:
                row[:] = total / length
        return found


@lru_cache(maxsize=1)
def sentence_model() -> SentenceModel | None:
    """The model, read once a process (about 60 MB), or ``None`` if its package is not installed."""
    # The package itself is not imported: it sets logging up for the whole process.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    safetensors = importlib.import_module("safetensors.numpy")
    tokenizers = importlib.import_module("tokenizers")
    folder = Path(found.submodule_search_locations[0])
    (words,) = safetensors.load_file(folder / _WEIGHTS).values()
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / _TOKENIZER))
    # The shorter texts of a batch would be filled up, and each filler counted.
    tokenizer.no_padding()
    return SentenceModel(np.ascontiguousarray(words, np.float32), tokenizer)
