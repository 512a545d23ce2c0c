"""Lets ``python -m calmvoice`` do what the command does; the command begins here too."""

import signal

from calmvoice import without_openssl


def main() -> None:
    """Run the command line; until it is loaded, Ctrl-C just ends the program."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    without_openssl.leave_out()
    from calmvoice.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
