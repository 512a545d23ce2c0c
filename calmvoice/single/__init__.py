"""One program at a time, and how a second start talks to the first."""
