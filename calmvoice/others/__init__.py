"""Other programs' sound: softer while CalmVoice speaks, as before after it."""
