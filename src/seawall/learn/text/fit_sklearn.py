"""Logistic regression by scikit-learn (extra `learn`), on sparse n-grams or dense vectors."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.errors import UsageError
from seawall.signals.text.ngrams import batches, grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROUNDS = 500


def fit(
    matrix: Any, truth: NDArray[np.bool_], weights: NDArray[np.float64], *, strength: float, seed: int
) -> tuple[NDArray[np.float64], float]:
    """Weights of shape (features,) and the bias that explain the labels best under an L2 penalty.

    Args:
        matrix: texts by features, sparse or dense.
        truth: of each text; both answers must occur.
        weights: how much each text counts.
        strength: inverse of the penalty.
        seed: of the solver's order.

    Raises:
        UsageError: scikit-learn is not installed.
    """
    need("sklearn", extra="learn")
    model: Any = import_module("sklearn.linear_model").LogisticRegression(
        C=strength,
        solver="lbfgs" if isinstance(matrix, np.ndarray) else "liblinear",  # each the faster on its kind
        max_iter=_ROUNDS,
        random_state=seed,
    )
    model.fit(matrix, truth, sample_weight=weights)
    return np.asarray(model.coef_[0], np.float64), float(model.intercept_[0])


def gram_matrix(texts: Sequence[str], *, buckets: int) -> Any:
    """Plain texts as a sparse matrix, as the linear stage reads them: an n-gram counts 1 / sqrt(n)."""
    need("scipy", extra="learn")
    shift = np.uint32(32 - (buckets.bit_length() - 1))
    rows: list[NDArray[np.intp]] = []
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for some in batches(texts):
        read = list(grams(texts[some]))
        for word in (True, False):
            group = [each for each in read if each.word is word]
            sizes = sum((each.last - each.first for each in group), np.zeros(some.stop - some.start, np.intp))
            value = 1 / np.sqrt(np.maximum(sizes, 1))
            for each in group:
                counts = each.last - each.first
                row = np.repeat(np.arange(len(counts)), counts)
                before = np.cumsum(counts) - counts
                place = np.arange(int(counts.sum()), dtype=np.intp) + np.repeat(each.first - before, counts)
                rows.append(row + some.start)
                columns.append((each.hashes[place] >> shift).astype(np.int64))
                values.append(value[row])
    joined = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    matrix: Any = import_module("scipy.sparse").csr_matrix(joined, shape=(len(texts), buckets))
    matrix.sum_duplicates()
    return matrix


def need(module: str, *, extra: str) -> None:
    """Say which extra is missing, before an import does it in its own words.

    Raises:
        UsageError: the module is not installed.
    """
    if find_spec(module) is None:
        raise UsageError(
            f"training needs {module}, which is not installed", hint=f"pip install 'seawall[{extra}]'"
        )
