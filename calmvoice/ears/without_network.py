"""Vosk without its downloader: imported with empty modules in the place of what that needs.

Vosk imports what fetches models by name, which CalmVoice never lets it do. Without it the program
is 14 MB smaller, and what would reach the network raises ``AttributeError`` or ``TypeError``.
"""

from __future__ import annotations

import sys
from types import ModuleType

DOWNLOADER = {"requests": (), "urllib.request": ("urlretrieve",), "tqdm": ("tqdm",)}

_known = {name: sys.modules.get(name) for name in DOWNLOADER}
for name, wanted in DOWNLOADER.items():
    sys.modules[name] = ModuleType(name)
    vars(sys.modules[name]).update(dict.fromkeys(wanted))
try:
    import vosk
finally:
    for name, module in _known.items():
        del sys.modules[name]
        if module is not None:
            sys.modules[name] = module

__all__ = ["vosk"]
