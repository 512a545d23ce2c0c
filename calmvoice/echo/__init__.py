"""Our own voice taken out of what the microphone hears, so that a person over it is heard."""
