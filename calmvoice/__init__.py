"""CalmVoice: it hears the word two people agreed on and keeps the promise of their return."""

from importlib.metadata import version

__version__ = version("calmvoice")
