"""What hangs on the pins of a Raspberry Pi: a button and a lamp (gpiozero)."""
