"""The whole program, killed at random moments: what it had shown is what it shows again."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

from crash_findings import Findings
from theatre import QUIET, Home, Program

TYPED = ("stop", "how long", "we're back", "again", "x", "more time", "ten", "yellow light")
SHOWN = re.compile(r"\[A pause\. Back together at (\d\d:\d\d)")
HALF_A_DAY = 12 * 60  # minutes


def minutes_after(earlier: str, later: str) -> int:
    """Return the minutes from one time of the day to another, over midnight too."""
    begin, end = (int(at[:2]) * 60 + int(at[3:]) for at in (earlier, later))
    return (end - begin) % (24 * 60)


def kill_the_command(folder: Path, kills: int, seed: int, cache: Path | None = None) -> Findings:
    """Start, type, kill, start again, this many times."""
    dice, findings = random.Random(seed), Findings()
    home = Home(folder, cache)
    home.settings.write_text("[agreement]\npause_minutes = 60\nlongest_minutes = 180\n", "utf-8")
    expected: str | None = None
    for _ in range(kills):
        with Program(home, *QUIET) as program:
            program.wait_for("[", limit=240)
            if expected is not None:
                program.wait_for("I restarted")
                if f"Back together at {expected}" not in program.text:
                    findings.note("lost", f"{expected} expected: {program.text}")
            else:
                program.type("yellow light")
                program.wait_for("[A pause.")
            for word in dice.choices(TYPED, k=dice.randrange(4)):
                program.type(word)
            program.pass_time(dice.uniform(0.0, 0.8))
        shown = SHOWN.findall(program.text)
        findings.kills += 1
        findings.promises += bool(shown)
        kept = home.promise()
        if kept is None:
            findings.note("lost", f"shown {shown[-1:]}, nothing on the disk")
            expected = None
            continue
        on_disk = time.strftime("%H:%M", time.localtime(kept.return_at))
        if "The pause is over" in program.text:
            findings.note("early", program.text)
        if shown and minutes_after(shown[-1], on_disk) > HALF_A_DAY:  # earlier than was shown
            findings.note("wrong", f"shown {shown[-1]}, on the disk {on_disk}")
        expected = on_disk
    return findings
