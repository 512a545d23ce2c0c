"""How well each sound of speech fits each moment: the speech model's network, run by numpy.

Vosk tells the best words, not how nearly others fitted; the second look needs the numbers. Three
seconds take 12 ms. Output rows are 30 ms apart; columns ``2 u`` and ``2 u + 1`` are unit u's first
and further frames, natural logarithms up to a constant a row.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calmvoice.ears.nnet_file import Array, Component, Node, read_network
from calmvoice.ears.spectrum import cepstra
from calmvoice.sound import PcmSamples

SUBSAMPLING = 3  # frames of 10 ms a row
ROW_SECONDS = 0.01 * SUBSAMPLING
INPUT = "input"
Value = tuple[int, int, Array]  # first frame, step in frames, rows
_EPSILON = 1e-3  # Kaldi's batch normalisation; the target RMS is 1


class Network:
    """The network of one model; may be shared between threads."""

    def __init__(self, model_path: Path) -> None:
        """Read it; raises ``ValueError`` or ``OSError`` if it is of another make."""
        self._nodes, self._components = read_network(model_path / "am/final.mdl")
        spans = {INPUT: (0, 0)}
        for node in self._nodes:
            low, high = spans[node.source]
            offsets = self._offsets(node)
            spans[node.name] = (low + min(offsets), high + max(offsets))
        self._before, self._after = (abs(edge) for edge in spans[self._nodes[-1].name])
        self._coarse = self._coarse_nodes()
        rows = self(np.zeros(1600, np.int16))
        if rows.ndim != 2 or rows.shape[1] % 2:
            raise ValueError("a network of another make")
        self.units = rows.shape[1] // 2

    def __call__(self, samples: PcmSamples) -> Array:
        """Return one row for each 30 ms of samples at 16 kHz; the edges are held as Kaldi does."""
        frames = cepstra(samples)
        rows = -(-len(frames) // SUBSAMPLING)
        if not rows:
            return np.zeros((0, 2 * getattr(self, "units", 0)), np.float32)
        spare = self._after + SUBSAMPLING
        padded = np.concatenate(
            [np.repeat(frames[:1], self._before, 0), frames, np.repeat(frames[-1:], spare, 0)]
        )
        values: dict[str, Value] = {INPUT: (-self._before, 1, padded)}
        for node in self._nodes:
            values[node.name] = self._step(node, values)
        first, step, output = values[self._nodes[-1].name]
        return output[-first // step :][:rows]

    def _offsets(self, node: Node) -> tuple[int, ...]:
        return self._components[node.component].offsets

    def _coarse_nodes(self) -> set[str]:
        """Return the steps that are needed at every third frame only."""
        fine: set[str] = set()
        for node in reversed(self._nodes):
            offsets = self._offsets(node)
            if node.name in fine or any(offset % SUBSAMPLING for offset in offsets):
                fine |= {node.source, node.skip}
        return {node.name for node in self._nodes} - fine

    def _step(self, node: Node, values: dict[str, Value]) -> Value:
        first, step, rows = values[node.source]
        component = self._components[node.component]
        offsets = self._offsets(node)
        wanted = SUBSAMPLING if node.name in self._coarse else 1
        if wanted != step or offsets != (0,):
            begin = -(-(first - min(offsets)) // wanted) * wanted
            last = first + step * (len(rows) - 1) - max(offsets)
            count = (last - begin) // wanted + 1
            parts = [rows[(begin + o - first) // step :: wanted // step][:count] for o in offsets]
            first, step, rows = begin, wanted, np.concatenate(parts, axis=1)
        rows = _apply(component, rows)
        if node.skip:
            from_frame, _, others = values[node.skip]
            ahead = (first - from_frame) // step
            rows = rows + np.float32(node.skip_scale) * others[ahead : ahead + len(rows)]
        return first, step, rows


def _apply(component: Component, rows: Array) -> Array:
    arrays = component.arrays
    if component.kind == "RectifiedLinearComponent":
        return np.maximum(rows, 0)
    if component.kind == "BatchNormComponent":
        scale = 1 / np.sqrt(arrays["StatsVar"] + np.float32(_EPSILON))
        return np.asarray((rows - arrays["StatsMean"]) * scale, np.float32)
    if component.kind == "NoOpComponent":
        return rows
    weights = arrays.get("LinearParams", arrays.get("Params"))
    if weights is None:
        raise ValueError(f"a component of another make: {component.kind}")
    product, bias = rows @ weights.T, arrays.get("BiasParams")
    return product if bias is None or not len(bias) else np.asarray(product + bias, np.float32)
