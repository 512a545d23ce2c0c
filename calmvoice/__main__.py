"""``python -m calmvoice`` is the command."""

from calmvoice.cli import main

main()
