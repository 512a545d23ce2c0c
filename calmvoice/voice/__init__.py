"""The voice: engines that speak one sentence into memory, and the studio that prepares clips."""
