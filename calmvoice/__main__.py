"""Lets ``python -m calmvoice`` do what the command does; the command begins here too."""

import signal


def main() -> None:
    """Run the command line; until it is loaded, Ctrl-C just ends the program."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from calmvoice.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
