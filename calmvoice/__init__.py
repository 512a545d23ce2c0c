"""CalmVoice: it hears the word two people agreed on and keeps the promise of their return."""

import os
from importlib.metadata import version

# Before numpy is first imported: its matrix library keeps a thread a core spinning for the small
# products of the second look. On a busy machine with two cores three seconds of sound took 230 ms
# of CPU and a second to wait for; with one thread 14 ms and 60 ms.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = version("calmvoice")
