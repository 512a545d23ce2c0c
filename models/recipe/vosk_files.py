"""The network as Kaldi's ``am/final.mdl``, and the two settings files that Vosk reads beside it.

It is also the form in which training keeps a network: whatever is read is written again with the
same bytes. Rules of the format, each learnt from a load that failed or went wrong unseen:

- After ``<Nnet3> `` comes a line break, the configuration, an empty line.
- The topology says −1 before its number of entries: states have two classes of outputs each.
- Rows of ``<Tuples>`` are sorted; ``<LogProbs>`` are used by nothing, but must be there.
- Normalisation: ``<Count>`` above 0. Vosk folds it into the next layer when it loads.
- ``dither`` is 1 unless it is set; without silence phones the first sound aborts the process;
  without the subsampling factor the network runs at every frame and word times are threefold.
"""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from calmvoice.ears.nnet_file import Component, read_network
from models.recipe import kaldi
from models.recipe.network import BYPASS, EPSILON, SPLICE, SUBSAMPLING, Layers, Network, Shape
from models.recipe.units import TABLE

NETWORK_FILE = "am/final.mdl"
SETTINGS = {
    "conf/mfcc.conf": """\
--sample-frequency=16000
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=7600
--dither=0
""",
    "conf/model.conf": """\
--min-active=200
--max-active=3000
--beam=10.0
--lattice-beam=2.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=1.0
--endpoint.rule4.min-trailing-silence=2.0
--frames-per-chunk=24
""",
}


def write_model(network: Network, model: Path) -> None:
    """Write the network and the settings; the folder's graph is the business of ``graph.py``."""
    for name, text in SETTINGS.items():
        (model / name).parent.mkdir(parents=True, exist_ok=True)
        (model / name).write_text(text)
    (model / NETWORK_FILE).parent.mkdir(exist_ok=True)
    (model / NETWORK_FILE).write_bytes(b"\0B" + _transitions() + _network(network))


def read_model(model: Path) -> Network:
    """Return the network of a model that was written here.

    Raises ``ValueError`` or ``OSError`` for a file of another make.
    """
    _, components = read_network(model / NETWORK_FILE)
    try:
        shape = _shape(components)
        learnt: Layers = {}
        for name, size in shape.sizes().items():
            learnt[name] = _matrix(components[name])
            if learnt[name]["weight"].shape != size:
                raise ValueError(f"{model}: {name} is of another size than {size}")
        measured = {"norm": _matrix(components["norm"])}
        for name in shape.normalised():
            arrays = components[name].arrays
            mean, variance = jnp.asarray(arrays["StatsMean"]), jnp.asarray(arrays["StatsVar"])
            measured[name] = {"mean": mean, "variance": variance}
    except KeyError as error:
        raise ValueError(f"{model}: a network of another make, without {error}") from error
    return Network(learnt, measured, shape)


def _shape(components: dict[str, Component]) -> Shape:
    def rows(name: str) -> int:
        return len(_weight(components[name]))

    layers: list[tuple[int, int]] = []
    while f"tdnnf{len(layers)}.linear" in components:
        name = f"tdnnf{len(layers)}"
        back, ahead = components[f"{name}.linear"].offsets, components[f"{name}.affine"].offsets
        layers.append((-back[0] // SUBSAMPLING, ahead[-1] // SUBSAMPLING))
    narrow = rows("tdnnf0.linear")
    sizes = (rows("inp.affine"), rows("sub.affine"), narrow, rows("pre.linear"))
    return Shape(*sizes, tuple(layers), rows("output.affine"))


def _weight(component: Component) -> npt.NDArray[np.float32]:
    arrays = component.arrays
    return arrays["Params"] if "Params" in arrays else arrays["LinearParams"]


def _matrix(component: Component) -> dict[str, jnp.ndarray]:
    matrix = {"weight": jnp.asarray(_weight(component))}
    bias = component.arrays.get("BiasParams")
    return matrix if bias is None or not len(bias) else matrix | {"bias": jnp.asarray(bias)}


def _transitions() -> bytes:
    """Return the transition model: every phone is one state that is entered and stayed in."""
    last = len(TABLE)
    topology = [
        kaldi.token("<Topology>"),
        kaldi.integers(range(1, last + 1)),
        kaldi.integers([-1, *[0] * last]),
        *(kaldi.integer(value) for value in (-1, 1, 2, 0, 1, 2, 0)),
        kaldi.real(0.5),
        kaldi.integer(1),
        kaldi.real(0.5),
        *(kaldi.integer(value) for value in (-1, -1, 0)),
        kaldi.token("</Topology>"),
    ]
    rows = [kaldi.integer(last)]
    for phone, (_, unit, _) in enumerate(TABLE, 1):
        rows += [kaldi.integer(value) for value in (phone, 0, 2 * unit, 2 * unit + 1)]
    chances = np.full(1 + 2 * last, np.log(0.5), np.float32)
    chances[0] = 0.0
    parts = [kaldi.token("<TransitionModel>"), *topology, kaldi.token("<Tuples>"), *rows]
    parts += [
        kaldi.token("</Tuples>"),
        kaldi.token("<LogProbs>"),
        kaldi.array(chances),
        kaldi.token("</LogProbs>"),
    ]
    return b"".join([*parts, kaldi.token("</TransitionModel>")])


def _network(network: Network) -> bytes:
    lines, components = _steps(network)
    parts = [kaldi.token("<Nnet3>"), "\n".join(["", *lines, "", ""]).encode()]
    parts += [kaldi.token("<NumComponents>"), kaldi.integer(len(components))]
    for name, component in components.items():
        parts += [kaldi.token("<ComponentName>"), kaldi.token(name), component]
    shape = network.shape
    parts += [kaldi.token("</Nnet3>"), kaldi.token("<LeftContext>"), kaldi.integer(shape.before)]
    parts += [kaldi.token("<RightContext>"), kaldi.integer(shape.after)]
    return b"".join([*parts, kaldi.token("<Priors>"), kaldi.array(kaldi.EMPTY)])


def _steps(network: Network) -> tuple[list[str], dict[str, bytes]]:
    """Return the lines of the configuration and the components that they name, in order."""
    learnt, measured, shape = network.learnt, network.measured, network.shape
    lines, components = ["input-node name=input dim=40"], {}
    last = "input"

    def add(name: str, component: bytes, source: str = "") -> None:
        nonlocal last
        lines.append(f"component-node name={name} component={name} input={source or last}")
        components[name], last = component, name

    def tdnn(name: str, offsets: tuple[int, ...]) -> None:
        add(name, kaldi.tdnn(learnt[name], offsets))

    def cut_off_and_normalised(name: str) -> None:
        add(f"{name}.relu", kaldi.relu(len(measured[f"{name}.bn"]["mean"])))
        add(f"{name}.bn", kaldi.normalisation(measured[f"{name}.bn"], EPSILON))

    add("norm", kaldi.fixed(measured["norm"]))
    for name in ("inp", "sub"):
        tdnn(f"{name}.affine", SPLICE)
        cut_off_and_normalised(name)
    for i, (back, ahead) in enumerate(shape.layers):
        name, before = f"tdnnf{i}", last
        tdnn(f"{name}.linear", (-SUBSAMPLING * back, 0) if back else (0,))
        tdnn(f"{name}.affine", (0, SUBSAMPLING * ahead) if ahead else (0,))
        cut_off_and_normalised(name)
        both = f"Sum(Scale({BYPASS}, {before}), {name}.bn)"
        add(f"{name}.noop", kaldi.no_change(shape.width), both)
    add("pre.linear", kaldi.linear(learnt["pre.linear"]))
    add("pre.affine", kaldi.affine(learnt["pre.affine"]))
    cut_off_and_normalised("pre")
    add("pre2.linear", kaldi.linear(learnt["pre2.linear"]))
    add("pre2.bn", kaldi.normalisation(measured["pre2.bn"], EPSILON))
    add("output.affine", kaldi.affine(learnt["output.affine"]))
    lines.append(f"output-node name=output input={last} objective=linear")
    return lines, components
