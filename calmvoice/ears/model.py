"""The speech model: a folder on disk, checked before Vosk is let near it.

Rules: always by path, since Vosk's lookup by name queries the network and exits the process; what
would make Vosk abort (a file missing, no silence phones) is found here first and raised.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from functools import cached_property
from importlib import resources
from pathlib import Path

from calmvoice.ears.background import COUNTS, background
from calmvoice.ears.fst import embedded_symbols, has_embedded_symbols
from calmvoice.ears.lexicon import Lexicon
from calmvoice.ears.network import Network
from calmvoice.ears.spelling import Spelling
from calmvoice.ears.talk import Talk
from calmvoice.ears.without_network import vosk
from calmvoice.errors import ModelError

logger = logging.getLogger(__name__)

NEEDED_FILES = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/phones/word_boundary.int",
)
GRAPHS = (("graph/HCLr.fst", "graph/disambig_tid.int"), ("graph/HCLG.fst",))
WORDS = "graph/words.txt"
WORD_GRAPHS = ("graph/Gr.fst", "graph/HCLG.fst")  # may hold the words instead
UNKNOWN = "[unk]"
SILENCE_OPTION = "--endpoint.silence-phones="  # without it the first audio aborts the process
FILLER_LEVELS = 8  # [any0] … [any7], strict to loose
HINT = "Install CalmVoice again, or name a folder that holds a Vosk model."


def default_model_path() -> Path:
    """Return the folder inside the installed package, or the checkout's ``models/calmvoice-en``."""
    package = Path(str(resources.files("calmvoice")))
    installed = package / "models" / "calmvoice-en"
    return installed if installed.is_dir() else package.parent / "models" / "calmvoice-en"


def check_model(path: Path) -> None:
    """Raise ``ModelError`` unless everything Vosk needs is there and undamaged."""
    if not path.is_dir():
        raise ModelError(f"no speech model at {path}: no such folder", HINT)
    graph = next((g for g in GRAPHS if (path / g[0]).is_file()), GRAPHS[0])
    if not any(has_embedded_symbols(path / name) for name in WORD_GRAPHS):
        graph = (*graph, WORDS)
    for name in NEEDED_FILES + graph:
        if not (path / name).is_file() or (path / name).stat().st_size == 0:
            raise ModelError(f"the speech model at {path} lacks {name}", HINT)
    options = (path / "conf/model.conf").read_text("utf-8", "replace").split()
    if not any(o.startswith(SILENCE_OPTION) and o != SILENCE_OPTION for o in options):
        raise ModelError(f"the speech model at {path} has no {SILENCE_OPTION} in model.conf", HINT)
    sums = path / "SHA256SUMS"
    if not sums.is_file():
        return
    expected = {
        name.strip().removeprefix("./"): digest
        for digest, _, name in (line.partition("  ") for line in sums.read_text().splitlines())
    }
    for name in expected:
        if not (path / name).is_file():
            raise ModelError(f"the speech model at {path} lacks {name}", HINT)
        if hashlib.sha256((path / name).read_bytes()).hexdigest() != expected[name]:
            raise ModelError(f"the speech model at {path} is damaged: {name}", HINT)


class SpeechModel:
    """A loaded model; it may be shared by any number of recognisers, in any thread."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else default_model_path()
        check_model(self.path)
        vosk.SetLogLevel(-1)
        try:
            self._model = vosk.Model(str(self.path))
        except Exception as error:
            raise ModelError(f"Vosk cannot load the speech model at {self.path}", HINT) from error
        self.has_fillers = all(self.has_word(f"[any{n}]") for n in range(FILLER_LEVELS))
        self.has_unknown = self.has_word(UNKNOWN)
        self.has_phones = self.has_word("#aa") and self.has_word("#zh")
        self.spelling = Spelling(self.has_word, lambda: self.lexicon, self.has_phones)

    def has_word(self, word: str) -> bool:
        """Say whether the recogniser knows a word, as it is spelled."""
        return bool(word) and self._model.vosk_model_find_word(word) >= 0

    def fillers(self, level: int) -> tuple[str, ...]:
        """Return what stands for any other speech: a word made for it, or several of the model's.

        A lower level is stricter. Raises ``ModelError`` for a model that has nothing of the kind.
        """
        if self.has_fillers:
            return (f"[any{level}]",)
        if self.has_unknown:
            return (UNKNOWN,)
        if not self._background:
            raise ModelError(
                f"the speech model at {self.path} has neither [any{level}] nor {UNKNOWN}, and "
                "no short words",
                "Without such words every sound would be taken for a phrase. " + HINT,
            )
        return self._background[: COUNTS[level]]

    @cached_property
    def _background(self) -> tuple[str, ...]:
        """Words of the language that spell other talk; a second for a model of many words."""
        return background(self.words(), max(COUNTS.values()))

    @cached_property
    def lexicon(self) -> Lexicon:
        """How the words sound; read on first use, empty for graphs of another make."""
        return Lexicon(self.path)

    @cached_property
    def talk(self) -> Talk:
        """What people say anyway; a second on first use, for the adviser alone."""
        return Talk(self.path, self.lexicon)

    @cached_property
    def network(self) -> Network | None:
        """The network's numbers; None for a model of another make."""
        try:
            return Network(self.path)
        except (OSError, ValueError, KeyError):
            logger.info("the second look asks for words: a model of another make")
            return None

    @property
    def has_language(self) -> bool:
        """Whether it knows which words follow which, and so can be asked what was said."""
        return self.has_fillers and (self.path / "graph/Gr.fst").is_file()

    def words(self) -> list[str]:
        """Return the words people can say: no fillers, no single phones."""
        return [word for word in self._all_words() if word[:1] not in "#[<!"]

    def _all_words(self) -> Iterator[str]:
        if (self.path / WORDS).is_file():
            text = (self.path / WORDS).read_text("utf-8")
            yield from (line.split(" ", 1)[0] for line in text.splitlines())
            return
        for graph in filter(has_embedded_symbols, (self.path / name for name in WORD_GRAPHS)):
            yield from embedded_symbols(graph)
            return

    def recogniser(self, grammar: str) -> vosk.KaldiRecognizer:
        """Return a fresh recogniser (0.2 to 0.6 ms) for a JSON list of phrases, with word times."""
        recogniser = vosk.KaldiRecognizer(self._model, 16_000, grammar)
        recogniser.SetWords(True)
        return recogniser

    def free_recogniser(self) -> vosk.KaldiRecognizer:
        """Return a recogniser for any words, which says how likely the best of them are."""
        recogniser = vosk.KaldiRecognizer(self._model, 16_000)
        recogniser.SetMaxAlternatives(1)
        return recogniser
