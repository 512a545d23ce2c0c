"""Kaldi's binary notation, and the kinds of layer that our networks are made of.

Rules of the notation: ``\\x04`` stands before each int32 or float32, ``\\x08`` before each double
(counts and the like are doubles), nothing before the items of a vector. What stands in a layer
beside its numbers are Kaldi's own defaults; only its training would read them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

Layer = Mapping[str, npt.ArrayLike]
EMPTY = np.zeros(0, np.float32)


def token(name: str) -> bytes:
    """Return a word of the notation."""
    return name.encode("ascii") + b" "


def integer(value: int) -> bytes:
    """Return an int32."""
    return b"\x04" + struct.pack("<i", value)


def real(value: float) -> bytes:
    """Return a float32."""
    return b"\x04" + struct.pack("<f", value)


def double(value: float) -> bytes:
    """Return a float64."""
    return b"\x08" + struct.pack("<d", value)


def integers(values: Iterable[int]) -> bytes:
    """Return a vector of int32."""
    items = np.array([*values], "<i4")
    return integer(len(items)) + items.tobytes()


def array(values: npt.ArrayLike) -> bytes:
    """Return a vector or matrix of float32."""
    items = np.ascontiguousarray(values, "<f4")
    kind = b"FM " if items.ndim == 2 else b"FV "
    return kind + b"".join(integer(size) for size in items.shape) + items.tobytes()


def component(kind: str, fields: Mapping[str, bytes]) -> bytes:
    """Return a layer: its kind and its fields in order."""
    inside = b"".join(token(f"<{name}>") + value for name, value in fields.items())
    return token(f"<{kind}Component>") + inside + token(f"</{kind}Component>")


def fixed(layer: Layer) -> bytes:
    """Return an affine map that training leaves alone."""
    fields = {"LinearParams": array(layer["weight"]), "BiasParams": array(layer["bias"])}
    return component("FixedAffine", fields)


def affine(layer: Layer) -> bytes:
    """Return an affine layer."""
    fields = {
        "LearningRate": real(0.001),
        "LinearParams": array(layer["weight"]),
        "BiasParams": array(layer["bias"]),
        "RankIn": integer(20),
        "RankOut": integer(80),
        "UpdatePeriod": integer(4),
        "NumSamplesHistory": real(2000.0),
        "Alpha": real(4.0),
    }
    return component("NaturalGradientAffine", fields)


def linear(layer: Layer) -> bytes:
    """Return a layer without bias."""
    fields = {
        "LearningRate": real(0.001),
        "Params": array(layer["weight"]),
        "UseNaturalGradient": b"T",
        "RankInOut": integer(20) + integer(80),
        "Alpha": real(4.0),
        "NumSamplesHistory": real(2000.0),
        "UpdatePeriod": integer(4),
    }
    return component("Linear", fields)


def tdnn(layer: Layer, offsets: Iterable[int]) -> bytes:
    """Return a layer over the frames at these offsets, side by side; the bias may be missing."""
    fields = {
        "LearningRate": real(0.001),
        "TimeOffsets": integers(offsets),
        "LinearParams": array(layer["weight"]),
        "BiasParams": array(layer.get("bias", EMPTY)),
        "OrthonormalConstraint": real(0.0),
        "UseNaturalGradient": b"T",
        "NumSamplesHistory": real(2000.0),
        "AlphaInOut": real(4.0) + real(4.0),
        "RankInOut": integer(20) + integer(80),
    }
    return component("Tdnn", fields)


def relu(width: int) -> bytes:
    """Return what cuts off below zero."""
    fields = {
        "Dim": integer(width),
        "ValueAvg": array(EMPTY),
        "DerivAvg": array(EMPTY),
        "Count": double(0.0),
        "OderivRms": array(EMPTY),
        "OderivCount": double(0.0),
        "NumDimsSelfRepaired": double(0.0),
        "NumDimsProcessed": double(0.0),
    }
    return component("RectifiedLinear", fields)


def normalisation(layer: Layer, epsilon: float) -> bytes:
    """Return what makes mean 0 and variance 1; a count of 0 would make Kaldi refuse to."""
    mean = np.asarray(layer["mean"])
    fields = {
        "Dim": integer(len(mean)),
        "BlockDim": integer(len(mean)),
        "Epsilon": real(epsilon),
        "TargetRms": real(1.0),
        "TestMode": b"T",
        "Count": double(1000.0),
        "StatsMean": array(mean),
        "StatsVar": array(layer["variance"]),
    }
    return component("BatchNorm", fields)


def no_change(width: int) -> bytes:
    """Return what only gives a sum its name."""
    return component("NoOp", {"Dim": integer(width), "BackpropScale": real(1.0)})
