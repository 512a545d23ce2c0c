"""Vosk without its downloader: imported with an empty package in the place of ``requests``.

Vosk imports ``requests`` to fetch models by name, which CalmVoice never lets it do. Without it the
program is 11 MB smaller, and what would reach the network raises ``AttributeError``.
"""

from __future__ import annotations

import sys
from types import ModuleType

NETWORK = "requests"

_known = sys.modules.get(NETWORK)
sys.modules[NETWORK] = ModuleType(NETWORK)
try:
    import vosk
finally:
    del sys.modules[NETWORK]
    if _known is not None:
        sys.modules[NETWORK] = _known

__all__ = ["vosk"]
