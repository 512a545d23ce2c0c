"""Routines: those that come along, one of their own, and every way in which one can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmvoice import language, routine_file, wiring, wiring_rules
from calmvoice.errors import RoutineError
from calmvoice.meanings import TRACKS, Meaning
from calmvoice.patterns import NAMED
from calmvoice.routine import NAMES, Routine
from calmvoice.session.script import Step
from calmvoice.settings import Breathing, Guidance, Settings

ENGLISH = language.load("en")
OURS = """\
about = "Ours."

[opening]
sighs = 2

[breathing]
minutes = 3
pattern = "5-7"

[settling]
gap_seconds = 20
lines = [
    "rehearsing",
    "The dog is asleep in the hall.",
    "muscle",
]

[shut_down]
lines = ["The dog is asleep in the hall.", "around"]
"""


def settings_with(path: Path | str, **breathing: object) -> Settings:
    return Settings(
        guidance=Guidance(routine=str(path)), breathing=Breathing.model_validate(breathing)
    )


def written(folder: Path, text: str) -> Path:
    path = folder / f"routine-{len(list(folder.iterdir()))}.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", routine_file.names())
def test_those_that_come_along_are_whole(name: str) -> None:
    routine = routine_file.load(name).routine
    assert routine is not None
    assert routine_file.wording_faults(routine_file.read(name), ENGLISH) == ()
    rules = wiring_rules.rules(settings_with(name))
    roles = [step.role for step in rules.settling]
    assert "settling.rehearsing" in roles[:5], "the line against rehearsing comes early"
    tracks = [step.role for track in rules.tracks.values() for step in track.steps]
    assert set(roles + tracks) <= set(ENGLISH.lines)
    assert set(rules.tracks) == set(TRACKS)
    assert rules.holds_breath == (name in ("box", "four-seven-eight"))
    assert rules.breath_seconds >= 8


def test_holds_are_only_in_those_that_say_so() -> None:
    for name in routine_file.names():
        text = routine_file.text_of(name)
        assert ("holds = true" in text) == wiring_rules.rules(settings_with(name)).holds_breath


def test_one_of_their_own(tmp_path: Path) -> None:
    settings = settings_with(written(tmp_path, OURS), cues="counted", minutes=10)
    rules, words = wiring_rules.rules(settings), wiring.pack(settings)
    assert (rules.sighs, rules.breaths, rules.breath_seconds) == (2, 15, 12)
    assert rules.settling == (
        Step("settling.rehearsing", 20.0),
        Step("settling.own_1", 20.0),
        Step("settling.muscle", 6.0),
        Step("settling.muscle_release", 12.0),
        Step("settling.muscle_shoulders", 6.0),
        Step("settling.muscle_release", 20.0),
    )
    assert words.lines["settling.own_1"] == ("The dog is asleep in the hall.",)
    assert rules.tracks[Meaning.SHUT_DOWN].steps[0].role == "settling.own_1"
    usual = wiring_rules.rules(Settings())
    racing = [step.role for step in rules.tracks[Meaning.RACING].steps]
    assert racing == [step.role for step in usual.tracks[Meaning.RACING].steps]
    routine = routine_file.chosen(settings)
    assert routine.breathing_over(settings.breathing).cues == "counted", "left to the settings"


def test_what_a_routine_leaves_out_is_as_agreed() -> None:
    rules = wiring_rules.rules(settings_with("sighs", pattern="box", holds=True, minutes=2))
    assert rules.sighs == 3
    assert (rules.breaths, rules.breath_seconds) == (8, NAMED["box"].seconds)
    assert rules.holds_breath


def test_the_track_agreed_on_comes_first_and_one_that_is_not_for_breathing_has_none() -> None:
    for track, first, breathes in (
        ("racing", "settling.panic", True),
        ("shut_down", "settling.blank", False),
        ("waiting", "settling.not_left", True),
    ):
        settings = Settings(guidance=Guidance.model_validate({"track": track}))
        rules = wiring_rules.rules(settings)
        assert rules.settling[0].role == first
        assert "settling.rehearsing" in {step.role for step in rules.settling}
        assert (rules.breaths > 0) == breathes


def test_a_rehearsal_has_all_of_it_in_two_minutes() -> None:
    rules = wiring_rules.rehearsal_rules(settings_with("racing"))
    assert (rules.pause_minutes, rules.breaths, rules.sighs) == (2, 4, 1)
    assert len(rules.settling) == len(wiring_rules.rules(settings_with("racing")).settling)
    assert {step.gap_seconds for step in rules.settling} == {4.0}


WRONG = [
    ("", 1, "about", "about is missing"),
    ("about = 3\n", 1, "about", "about is 3"),
    ("about = ''\n", 1, "about", "about is empty"),
    (f"about = '{'x' * 201}'\n", 1, "about", "201 characters: the most is 200"),
    ("about = 'x'\n\n[openin]\n", 3, "openin", "did you mean opening?"),
    ("about = 'x'\n[opening]\nsighs = 7\n", 3, "opening.sighs", "is 7: the most is 6"),
    ("about = 'x'\n[opening]\nsighs = -1\n", 3, "opening.sighs", "is -1: the least is 0"),
    ("about = 'x'\n[opening]\nsighs = 'three'\n", 3, "opening.sighs", "'three'"),
    ("about = 'x'\n[opening]\nsighs = true\n", 3, "opening.sighs", "True"),
    ("about = 'x'\nopening = 3\n", 2, "opening", "opening is 3"),
    ("about = 'x'\n[breathing]\nminutes = 21\n", 3, "breathing.minutes", "the most is 20"),
    ("about = 'x'\n[breathing]\nminutes = nan\n", 3, "breathing.minutes", "finite"),
    ("about = 'x'\n[breathing]\nminutes = inf\n", 3, "breathing.minutes", "finite"),
    ("about = 'x'\n[breathing]\npattern = '2-4'\n", 3, "breathing.pattern", "shorter than 8"),
    ("about = 'x'\n[breathing]\npattern = '4-9-8'\n", 3, "breathing.pattern", "the most is 7"),
    ("about = 'x'\n[breathing]\npattern = 'box'\n", 2, "breathing", "write holds = true"),
    ("about = 'x'\n[breathing]\ncues = 'loud'\n", 3, "breathing.cues", "'sparse', 'counted'"),
    ("about = 'x'\n[breathing]\n# tone\ntone = 'gong'\n", 4, "breathing.tone", "'tone', 'noise'"),
    ("about = 'x'\n[settling]\ngap_seconds = 9\n", 3, "settling.gap_seconds", "the least is 10"),
    ("about = 'x'\n[settling]\ngap = 9\n", 3, "settling.gap", "there are wait_seconds"),
    ("about = 'x'\n[settling]\nlines = 'body'\n", 3, "settling.lines", "'body'"),
    ("about = 'x'\n[settling]\nlines = ['bodi']\n", 3, "settling.lines.0", "did you mean body?"),
    (
        "about = 'x'\n[settling]\nlines = [\n 'body', # one\n\n 'zzz',\n]\n",
        *(6, "settling.lines.1", "there are around, blank"),
    ),
    ("about = 'x'\n[settling]\nlines = ['']\n", 3, "settling.lines.0", "it is empty"),
    ("about = 'x'\n[racing]\nlines = ['At {n}.']\n", 3, "racing.lines.0", "{n} is not filled"),
    ("about = 'x'\n[racing]\nlines = ['At {t']\n", 3, "racing.lines.0", "expected '}'"),
    (f"about = 'x'\n[racing]\nlines = {['body'] * 25}\n", 3, "racing.lines", "the most is 24"),
    ("about = 'x'\n[racing]\nbreathing = 'no'\n", 3, "racing.breathing", "'no'"),
    ("about = 'x'\n[waiting\n", 2, "", ""),
    ("about = 'x'\nlines = [\n", 2, "", "the file ends in the middle"),
    ("about = 'x'\nabout = 'y'\n", 2, "", "about"),
]


@pytest.mark.parametrize(("text", "line", "key", "reason"), WRONG)
def test_what_is_wrong_is_named_with_line_key_and_reason(
    tmp_path: Path, text: str, line: int, key: str, reason: str
) -> None:
    file = routine_file.read(str(written(tmp_path, text)))
    assert file.routine is None
    fault = file.faults[0]
    assert (fault.key, reason in fault.reason) == (key, True), fault
    assert fault.line == line, fault
    assert fault.hint
    with pytest.raises(RoutineError, match=f"line {line}: ") as caught:
        routine_file.load(file.name)
    assert "calmvoice routines check" in caught.value.hint


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("You never listen, do you.", "blame"),
        ("Breathe!", "raised voice"),
        (
            "One two three four five six seven eight nine ten one two three four five six seven.",
            "17",
        ),
        ("And then there was", "does not end low"),
    ],
)
def test_a_sentence_that_is_hard_to_hear_is_refused(
    tmp_path: Path, sentence: str, reason: str
) -> None:
    text = f"about = 'x'\n[waiting]\nlines = [\n'body',\n{json.dumps(sentence)},\n]\n"
    if " " not in sentence:
        text = text.replace(sentence, f"{sentence} Now.")
    path = written(tmp_path, text)
    (fault, *_) = routine_file.wording_faults(routine_file.read(str(path)), ENGLISH)
    assert (fault.line, fault.key) == (5, "waiting.lines.1")
    assert reason in fault.reason
    with pytest.raises(RoutineError, match="line 5"):
        wiring.pack(settings_with(path))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "bytes.toml").write_bytes(b"about = '\xff'")
    (tmp_path / "large.toml").write_text("# x\n" * 6000)
    for name, reason in (
        ("folder", "cannot be read"),
        ("bytes", "cannot be read"),
        ("large", "more than 20000 bytes"),
        ("missing", "No such file"),
    ):
        with pytest.raises(RoutineError, match=reason):
            routine_file.read(str(tmp_path / f"{name}.toml"))
    with pytest.raises(RoutineError, match="there are: usual, box"):
        routine_file.read("usul")


values = st.recursive(
    st.none().map(lambda _: "x")
    | st.booleans()
    | st.integers(-50, 50)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([*NAMES, "4-6", "box", "sparse", "tone", "Nothing is wrong."]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = ["about", "sighs", "minutes", "pattern", "holds", "cues", "tone", "lines", "breathing"]
KEYS += ["wait_seconds", "gap_seconds"]
tables = st.dictionaries(st.sampled_from([*KEYS, "x"]), values, max_size=4)
documents = st.dictionaries(
    st.sampled_from(["about", *Routine.model_fields, "y"]), tables | values, max_size=5
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_any_toml_is_a_routine_or_refused_where_it_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]
) -> None:
    try:
        text = tomlkit.dumps(document)
    except (TypeError, ValueError):
        return
    _is_whole_or_refused(tmp_path_factory.mktemp("routines"), text)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_file_that_was_damaged_is_a_routine_or_refused_where_it_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(OURS)))
    length = data.draw(st.integers(0, 12))
    put = data.draw(
        st.text(max_size=4) | st.sampled_from(["=", "\n", '"', "]", "[", "'''", "= 99"])
    )
    text = OURS[:at] + put + OURS[at + length :]
    _is_whole_or_refused(tmp_path_factory.mktemp("routines"), text)


def _is_whole_or_refused(folder: Path, text: str) -> None:
    path = folder / "routine.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        file = routine_file.read(str(path))
    except RoutineError:
        return  # not UTF-8
    assert (file.routine is None) == bool(file.faults)
    last = file.text.count("\n") + 1
    assert all(1 <= fault.line <= last and fault.reason for fault in file.faults)
    if file.routine is not None and not routine_file.wording_faults(file, ENGLISH):
        chosen = settings_with(path)
        rules, words = wiring_rules.rules(chosen), wiring.pack(chosen)
        assert {step.role for step in rules.settling} <= set(words.lines)
        assert rules.breath_seconds >= 8
