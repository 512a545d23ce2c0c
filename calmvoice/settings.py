"""What the couple decided and what this computer is: frozen, documented, impossible to get wrong.

Rules: units are in the names; limits are checked when a value is made, with their reason beside
them; nobody is named as the one in charge.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from calmvoice import patterns
from calmvoice.clock_times import minute_of_day
from calmvoice.patterns import Breath
from calmvoice.reminder_settings import Reminders
from calmvoice.setting_types import Day, Phrase, Sentence, Table, Time

SHORTEST_NIGHT_HOURS = 7  # half of it is longer than any maximum: a night is never a long pause
LONGEST_NIGHT_HOURS = 16  # the hard stop of a day is never near
MINUTES_A_DAY = 24 * 60
SLOWEST_WORDS, FASTEST_WORDS = 110, 140  # a minute: slow and clear, and still a person's pace
PITCH_SEMITONES = 4  # further up or down, a voice is nobody's any more


class Agreement(Table):
    """What the two of you decided. Either of you may change it, at a calm hour."""

    signal: str = Field(
        "yellow light",
        min_length=1,
        max_length=60,
        description="The words that ask for a pause. Two words, four or more syllables, work best.",
    )
    meaning: Sentence = Field(
        "We are pressing pause, not walking away.",
        description="What the signal means; said after every bridge. Empty leaves it out.",
    )
    other_signal: Phrase = Field(
        "",
        description="A second signal, so that each of you has one of your own; it means the same.",
    )
    no_words: Phrase = Field(
        "no words yet",
        description="The words that ask for a pause when there are no others; a key does too.",
    )
    knock: bool = Field(
        False,
        description="Two knocks or claps ask for a pause too, after five seconds to say no.",
    )
    slow_down: str = Field(
        "slow down",
        min_length=1,
        max_length=60,
        description="The words that ask for five quiet seconds, and no pause.",
    )
    sounds_like: tuple[str, ...] = Field(
        (),
        description='How a word of yours is said, if I get it wrong: ["zorblik = zor blick"].',
    )
    early_catch: tuple[Phrase, ...] = Field(
        (),
        max_length=4,
        description="Words that say you see your cycle coming: it is named; five quiet seconds.",
    )
    pause_minutes: int = Field(
        20,
        ge=5,
        le=60,
        description="How long a pause lasts, in minutes. A body needs about 20 to calm down.",
    )
    longest_minutes: int = Field(
        60,
        ge=5,
        le=180,
        description='The longest a pause may become with "more time", in minutes.',
    )
    event: Phrase = Field(
        "", description='Words for something that comes first, such as "food first".'
    )
    event_minutes: int = Field(
        45, ge=5, le=180, description="How long after those words you meet, in minutes."
    )
    until: Time = Field(
        "", description='An hour at which you can talk: "until half past eight" keeps you apart.'
    )
    bedtime: Time = Field(
        "",
        description="After this hour a pause may last until the next day. Empty: never overnight.",
    )
    morning: Time = Field("10:00", description="When you then talk, the next day.")
    quiet_from: Time = Field("", description="From this hour on I am soft. Empty: no quiet hours.")
    quiet_to: Time = Field("", description="Until this hour.")
    people: int = Field(
        2, ge=1, le=2, description='How many say "here" at the return: 2, or 1 for practice alone.'
    )
    bridge: Sentence = Field(
        "default",
        min_length=1,
        description="The bridge after the signal: its name, or your own words with {t} for the "
        "return time. See them all: calmvoice bridges",
    )
    other_bridge: Sentence = Field(
        "first_person", min_length=1, description="The bridge after the second signal."
    )
    bid: Sentence = Field(
        "", description="A small sign before you part, if you both want it. Empty leaves it out."
    )
    promise: Sentence = Field(
        "", description="What the one who waits promises; said after the bridge."
    )
    ritual: str = Field(
        "a hug",
        min_length=1,
        max_length=120,
        description="What you do first when you meet again, if you both want it.",
    )
    enough: Sentence = Field(
        "", description="What is connection enough when words are too much; said when you meet."
    )
    ask_early_or_late: bool = Field(
        True, description='After a pause, ask "early, middle or late?". It can be left unanswered.'
    )

    agreed_on: Day = Field("", description="The day on which you agreed. Empty: not yet.")

    @property
    def said_otherwise(self) -> dict[str, str]:
        """The words of ``sounds_like``, and what each is said like."""
        pairs = (entry.lower().split("=") for entry in self.sounds_like)
        return {word.strip(): like.strip() for word, like in pairs}

    @model_validator(mode="after")
    def _check_sounds_like(self) -> Agreement:
        for entry in self.sounds_like:
            if not re.fullmatch(r"\s*[^\s=]+\s*=\s*[^\W\d_][^=\d]*", entry):
                raise ValueError(
                    f"{entry!r} in sounds_like must be a word, =, and what it sounds like"
                )
        return self

    @model_validator(mode="after")
    def _check_longest(self) -> Agreement:
        if self.longest_minutes < self.pause_minutes:
            raise ValueError(
                f"longest_minutes is {self.longest_minutes}: "
                f"it cannot be under pause_minutes, {self.pause_minutes}"
            )
        if self.event and self.longest_minutes < self.event_minutes:
            raise ValueError(
                f"event_minutes is {self.event_minutes}: "
                f"it cannot be over longest_minutes, {self.longest_minutes}"
            )
        return self

    @model_validator(mode="after")
    def _check_hours(self) -> Agreement:
        if bool(self.quiet_from) != bool(self.quiet_to):
            raise ValueError("quiet_from and quiet_to are needed both, or neither")
        if self.quiet_from and self.quiet_from == self.quiet_to:
            raise ValueError(f"quiet_from and quiet_to are both {self.quiet_from}: no time lies in")
        if self.bedtime:
            night = minute_of_day(self.morning) - minute_of_day(self.bedtime)
            hours = night % MINUTES_A_DAY / 60
            if not SHORTEST_NIGHT_HOURS <= hours <= LONGEST_NIGHT_HOURS:
                raise ValueError(
                    f"from bedtime {self.bedtime} to morning {self.morning} are {hours:g} hours: "
                    f"they must be {SHORTEST_NIGHT_HOURS} to {LONGEST_NIGHT_HOURS}"
                )
        return self


class Breathing(Table):
    """The paced breathing after the bridge. No holds, unless you both ask for them."""

    minutes: float = Field(5, ge=0, le=20, description="How long, in minutes. 0 leaves it out.")
    pattern: str = Field(
        "4-6",
        max_length=30,
        description='Seconds in and out: "4-6", "5.5-5.5", or your own. A breath has 8 or more.',
    )
    holds: bool = Field(
        False,
        description='true allows patterns that hold the breath: "box", "4-7-8", "4-2-6". They are '
        "not for everybody: not with heart or lung trouble, in pregnancy, or in panic.",
    )
    cues: Literal["sparse", "counted", "none"] = Field(
        "sparse", description='What the voice says: "sparse" (in, out), "counted" or "none".'
    )
    tone: Literal["tone", "noise", "none"] = Field(
        "tone",
        description='What carries the breath: a soft "tone", a swell of "noise", or "none".',
    )

    @property
    def breath(self) -> Breath:
        """The pattern in numbers."""
        return patterns.parse(self.pattern)

    @property
    def breaths(self) -> int:
        """How many of them there are."""
        return round(self.minutes * 60 / self.breath.seconds)

    @field_validator("pattern")
    @classmethod
    def _check_pattern(cls, pattern: str) -> str:
        patterns.parse(pattern)
        return pattern

    @model_validator(mode="after")
    def _check_holds(self) -> Breathing:
        patterns.require_asked_for(self.pattern, self.holds)
        return self


class Guidance(Table):
    """What is said between the bridge and the return: a routine, and what it begins with."""

    routine: str = Field(
        "usual",
        min_length=1,
        max_length=200,
        description="The routine: its name, or the path of a TOML file of your own. See them all: "
        "calmvoice routines",
    )
    track: Literal["open", "racing", "shut_down", "waiting"] = Field(
        "open",
        description='Whose lines come first in the quiet: "racing", "shut_down" (gone blank), '
        '"waiting", or "open". Either of you can say or press another one in any pause.',
    )


class Reentry(Table):
    """The first minutes together. Neither side is right, and neither is kept anywhere."""

    ask_who_starts: bool = Field(
        True, description="Ask each time who starts. It can be left open, and it is not kept."
    )
    turn_minutes: float = Field(
        0, ge=0, le=10, description="Turns of so many minutes each, 2 for example. 0: none."
    )
    turn_chime: bool = Field(True, description="A soft chime at the end of a turn.")


class Computer(Table):
    """What this computer is and has."""

    language: str = Field(
        "en", description="The language file: a code, or the path of a .toml file."
    )
    clock: Literal[12, 24] = Field(
        12, description='12 says "twenty to eight", 24 "nineteen forty".'
    )
    model: str = Field(
        "", description="The folder of a Vosk speech model; empty is the one that comes along."
    )
    microphone: str = Field(
        "", description="A part of the microphone's name; empty is the system's choice."
    )
    speaker: str = Field(
        "", description="A part of the loudspeaker's name; empty is the system's choice."
    )
    others: Literal["softer", "left"] = Field(
        "softer",
        description='Other programs\' sound while I speak: "softer", or "left" as loud as it is.',
    )
    button_pin: int = Field(
        0, ge=0, le=27, description="Raspberry Pi: the GPIO of a button to ground. 0: none."
    )
    led_pin: int = Field(0, ge=0, le=27, description="Raspberry Pi: the GPIO of a lamp. 0: none.")
    engine: Literal["pyttsx3", "pico", "piper"] = Field(
        "pyttsx3",
        description='The voice engine: "pyttsx3" (espeak-ng), "pico" or "piper". Hear them: '
        "calmvoice voices",
    )
    voice: str = Field("", description="The engine's voice; empty is a good one.")
    words_per_minute: int = Field(
        125,
        ge=SLOWEST_WORDS,
        le=FASTEST_WORDS,
        description="How fast the voice speaks: slow and clear.",
    )
    pitch_semitones: float = Field(
        0,
        ge=-PITCH_SEMITONES,
        le=PITCH_SEMITONES,
        description="How much higher than its own the voice is, in semitones; lower is negative.",
    )
    quiet_decibels: int = Field(
        20,
        ge=6,
        le=40,
        description="In quiet hours nothing sounds louder than so many decibels under the usual.",
    )
    captions: Literal["usual", "large"] = Field(
        "usual", description='Captions on the screen: "usual", or "large" letters.'
    )
    chime: Literal["usual", "low"] = Field(
        "usual", description='The chime: "usual", or "low" for ears that hear high notes less.'
    )
    history_days: int = Field(
        365, ge=0, le=3650, description="After how many days a pause is forgotten; 0 keeps none."
    )

    @model_validator(mode="after")
    def _check_pins(self) -> Computer:
        if self.button_pin and self.button_pin == self.led_pin:
            raise ValueError(f"button_pin and led_pin are both {self.led_pin}: each needs its own")
        return self


class Settings(Table):
    """The whole file."""

    agreement: Agreement = Agreement()
    breathing: Breathing = Breathing()
    guidance: Guidance = Guidance()
    reentry: Reentry = Reentry()
    reminders: Reminders = Reminders()
    computer: Computer = Computer()
