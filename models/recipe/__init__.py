"""How the speech model is made: from recorded speech to the folder that Vosk loads (README.md)."""
