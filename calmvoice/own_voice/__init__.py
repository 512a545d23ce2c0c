"""The couple's own recordings in place of the voice: which part of a line, how good, where kept.

Rules: nothing here opens a microphone; only the command ``calmvoice record`` takes a recording and
keeps it, and a test asserts that no other module imports ``take``. A recording cannot know the
time, so a sentence with a time or a number is always the voice's.
"""
