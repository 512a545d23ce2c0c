"""The ears: phrases in the microphone's sound become meanings (Vosk, in memory only)."""
