"""The tables of the ears' benchmark: one row a spotter, phrase and condition."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from counting import Share, Trial, beaten, curve, highest_rate, missed_at, share
from listening import OURS, Outcome, Passage

Row = dict[str, Any]
MADE = "espeak"  # voices told apart: CalmVoice itself speaks with one


def missed(outcome: Outcome) -> list[Row]:
    """Return the misses of a spotter in each condition."""
    rows = []
    for condition, done in outcome.trials.items():
        rows.append(_missed(outcome, condition, done))
        people = [t for t in done if not t.speaker.startswith(MADE)]
        if len(people) < len(done) and condition == "clean":
            rows.append(_missed(outcome, f"{condition}, without espeak", people))
    return rows


def _missed(outcome: Outcome, condition: str, done: Sequence[Trial]) -> Row:
    who = [t.speaker for t in done]
    late = [t.latency for t in done if t.latency is not None]
    p50, p90 = np.percentile(late, [50, 90]).tolist() if late else (None, None)
    return {
        "phrase": outcome.phrase, "spotter": outcome.spotter, "condition": condition,
        "clips": len(done), "voices": len(set(who)),
        "missed": asdict(share([not t.sure for t in done], who)),
        "missed_or_asked": asdict(share([not (t.sure or t.asked) for t in done], who)),
        "late": sum(t.late for t in done), "elsewhere": sum(t.elsewhere for t in done),
        "latency_p50": p50, "latency_p90": p90,
    }  # fmt: skip


def false(outcome: Outcome, phrases: int = 1) -> Row:
    """Return the false alarms of a spotter in speech and in noise, its time and memory."""
    speech, noise = outcome.other, outcome.noise
    assert speech is not None
    hours = speech.hours * phrases
    return {
        "phrase": outcome.phrase, "spotter": outcome.spotter, "hours": hours,
        "sure": speech.sure, "sure_per_hour": speech.sure / hours,
        "sure_at_most": highest_rate(speech.sure, hours),
        "asked": speech.asked, "asked_per_hour": speech.asked / hours,
        "either_at_most": highest_rate(speech.sure + speech.asked, hours),
        "noise_hours": _hours(noise), "noise_sure": noise.sure if noise else None,
        "noise_asked": noise.asked if noise else None,
        "cpu_speech_percent": speech.cpu_percent, "cpu_quiet_percent": outcome.quiet_cpu_percent,
        "memory_peak_mb": outcome.peak_mb, "memory_before_mb": outcome.before_mb,
    }  # fmt: skip


def _hours(passage: Passage | None) -> float | None:
    return passage.hours if passage else None


def near(outcome: Outcome) -> list[Row]:
    """Return how many near phrases a spotter takes for its own, of all voices."""
    return [
        {
            "phrase": phrase, "spotter": outcome.spotter, "clips": len(done),
            "sure": asdict(share([t.sure for t in done], [t.speaker for t in done])),
            "sure_without_espeak": sum(t.sure and not t.speaker.startswith(MADE) for t in done),
            "asked": sum(t.asked and not t.sure for t in done),
        }
        for phrase, done in outcome.near.items()
    ]  # fmt: skip


def side_by_side(ours: Outcome, peer: Outcome) -> list[Row]:
    """Return, for each condition, at how many of a peer's operating points it is beaten."""
    assert ours.other is not None
    assert peer.other is not None
    rate = ours.other.sure / ours.other.hours
    rows = []
    for condition, done in ours.trials.items():
        theirs = peer.trials[condition]
        own = curve([t.score for t in done], ours.other.scores, ours.other.hours)
        other = curve([t.score for t in theirs], peer.other.scores, peer.other.hours)
        rows.append({
            "phrase": ours.phrase, "peer": peer.spotter, "condition": condition,
            "points": len(other), "beaten": beaten(other, own),
            "ours_missed": 100 * float(np.mean([not t.sure for t in done])),
            "at_false_per_hour": rate, "peer_missed": missed_at(other, rate),
        })  # fmt: skip
    return rows


def print_all(results: dict[str, Any]) -> None:
    """Print every table for people."""

    def shown(value: dict[str, float]) -> str:
        one = Share(**value)
        return f"{one.percent:5.1f} ({one.low:.1f}–{one.high:.1f}; ≤{one.at_most:.1f})"

    def number(value: float | None, form: str = ".2f") -> str:
        return "–" if value is None or math.isinf(value) else format(value, form)

    def table(title: str, rows: Sequence[Row], columns: dict[str, Callable[[Row], str]]) -> None:
        if not rows:
            return
        lines = [list(columns), *([cell(row) for cell in columns.values()] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        print(f"\n{title}")
        for line in lines:
            print("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip())

    what: dict[str, Callable[[Row], str]] = {
        "phrase": lambda r: r["phrase"], "spotter": lambda r: r["spotter"],
    }  # fmt: skip
    title = "Missed, in percent (95 % by drawing speakers again; exact bound); seconds"
    table(title, results["missed"], {
        **what,
        "condition": lambda r: r["condition"], "clips": lambda r: str(r["clips"]),
        "not sure": lambda r: shown(r["missed"]),
        "neither sure nor asked": lambda r: shown(r["missed_or_asked"]),
        "late": lambda r: str(r["late"]), "elsewhere": lambda r: str(r["elsewhere"]),
        "p50": lambda r: number(r["latency_p50"]), "p90": lambda r: number(r["latency_p90"]),
    })  # fmt: skip
    table("False alarms in other speech (and how many there may be: 95 %)", results["false"], {
        **what,
        "hours": lambda r: number(r["hours"]),
        "sure": lambda r: str(r["sure"]),
        "an hour": lambda r: f"{r['sure_per_hour']:.2f} (≤{r['sure_at_most']:.2f})",
        "asked": lambda r: str(r["asked"]),
        "either": lambda r: f"≤{r['either_at_most']:.2f}",
        "noise h": lambda r: number(r["noise_hours"]),
        "sure+asked": lambda r: f"{r['noise_sure']}+{r['noise_asked']}",
        "CPU % speech": lambda r: number(r["cpu_speech_percent"]),
        "quiet": lambda r: number(r["cpu_quiet_percent"]),
        "MB": lambda r: f"{r['memory_peak_mb']:.0f} (bench {r['memory_before_mb']:.0f})",
    })  # fmt: skip
    table("Near phrases taken for the signal, in percent", results["near"], {
        **what,
        "clips": lambda r: str(r["clips"]), "sure": lambda r: shown(r["sure"]),
        "sure without espeak": lambda r: str(r["sure_without_espeak"]),
        "asked": lambda r: str(r["asked"]),
    })  # fmt: skip
    table("Side by side: missed by the peer at no more false alarms than ours", results["beside"], {
        "phrase": lambda r: r["phrase"], "peer": lambda r: r["peer"],
        "condition": lambda r: r["condition"],
        "beaten at": lambda r: f"{r['beaten']} of {r['points']} points",
        "ours missed": lambda r: number(r["ours_missed"], ".1f"),
        "peer missed": lambda r: number(r["peer_missed"], ".1f"),
    })  # fmt: skip
    for row in results["missing"]:
        print(f"\n{row['spotter']}, {row['phrase']}: not measured, {row['missing']}")
    if results["growth_mb"]:
        print(f"\nMemory of {OURS} after each loop, MB: {results['growth_mb']}")
