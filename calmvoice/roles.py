"""The roles that lines are said in: which a language must hold, and what is true of some."""

from __future__ import annotations

AGREED_FIELDS = frozenset({"signal", "meaning", "event", "bid", "promise", "ritual", "enough"})
"""Fields of the lines that the couple's agreement fills."""
FIELDS = AGREED_FIELDS | {"t", "n", "value"}
NEED_TIME = frozenset(
    {
        "time_left.asked",
        "time_left.under_one",
        "time_left.ready_early",
        "more_time.announce",
        "more_time.confirm",
        "more_time.unmoved",
        "more_time.cap",
        "return.call",
        "return.quiet",
        "return.repeat",
        "return.slept",
        "return.restarted",
        "return.clock_doubt",
        "return.clock_right",
        "return.clock_changed",
        "return.clock_certain",
        "return.time_thanks",
    }
)
"""Roles besides the bridges that are worthless without the return time."""

ROLES = NEED_TIME | frozenset(
    """
    bridge.default bridge.silent bridge.other
    doubt.ask doubt.mistaken slow_down.begin slow_down.end
    breathing.intro breathing.in breathing.out breathing.warn_last breathing.last_out
    breathing.done
    settling.rehearsing settling.waiting settling.body settling.muscle settling.temperature
    settling.grounding settling.blank settling.walk
    time_left.half time_left.five time_left.two
    more_time.ask more_time.second more_time.second_alone more_time.at_return
    return.one_here return.both_here return.alone_here return.ready_both return.no_answer
    return.missed
    reentry.together reentry.team reentry.ritual reentry.roles_open reentry.withdrew
    reentry.pursued reentry.who_starts reentry.swap reentry.turns_done reentry.close
    reentry.soft_start reentry.feeling reentry.protest reentry.request reentry.fawning
    reentry.naming reentry.reframe reentry.tender
    reflection.ask reflection.small reflection.thanks
    guests.off guests.on
    history.title history.none history.week history.pauses history.noticed history.note
    history.kept history.moved history.owed history.early history.middle history.late
    reminders.check_in reminders.practice reminders.hello hints.fair_use hints.seek_help
    state.ready state.microphone_lost state.speaker_lost state.rehearsal
    screen.listening screen.doubt screen.slowing screen.apart screen.apart_soon screen.asking
    screen.calling screen.owed screen.reentry screen.choosing screen.talking screen.reflecting
    screen.listening_keys screen.microphone_off screen.quiet_hours
    return.ask_time leaving.clock_unsure screen.type_time screen.typed_time
    screen.any_key screen.any_key_here screen.quit screen.left screen.left_unkept
    """.split()  # noqa: SIM905 - a list of forty quoted names is no easier to read
)
BRIDGES = """
    bridge.no_words bridge.until bridge.event bridge.overnight
    bridge.after_midnight
    leaving.meaning leaving.bid leaving.promise leaving.tonight leaving.who_asked
    slow_down.named reentry.enough
"""
SETUP = """
    offer.timeline offer.reason offer.promise
    proposed.early_catch proposed.event proposed.bid proposed.promise proposed.enough
    ask.people ask.signal ask.meaning ask.other_signal ask.slow_down ask.early_catch ask.no_words
    ask.pause_minutes ask.longest_minutes ask.event ask.event_minutes ask.until ask.bridge
    ask.other_bridge ask.bid ask.promise ask.ritual ask.enough ask.quiet ask.bedtime ask.morning
    ask.breathing ask.clock ask.check_in ask.hello_days ask.practice_days ask.reminders_at
    setup.safety setup.emergency setup.intro setup.calm setup.not_calm setup.pause_runs
    setup.either setup.keys setup.resume setup.stopped setup.stopped_unkept setup.draft_failed
    setup.lacks_timeline setup.lacks_reason setup.lacks_promise setup.keep_anyway setup.not_agreed
    setup.revoke_means setup.revoke setup.revoked setup.short setup.read
    setup.first_yes setup.alone_yes
    setup.second_yes setup.no setup.save_failed setup.saved setup.rehearse setup.rehearse_later
    setup.spoken_keys setup.spoken_right setup.spoken_help setup.spoken_type setup.spoken_none
    heading.title heading.signal heading.bridge heading.apart heading.return heading.free
    heading.signed heading.date
    page.intro page.intro_alone page.some_time page.signal page.other_signal page.no_words
    page.knock page.either page.slow_down page.early_catch page.length page.longest
    page.event page.until
    page.bid page.promise page.overnight page.no_night page.quiet page.return page.return_alone
    page.longest_alone page.ritual_alone
    page.weekdays page.check_in page.hello page.practice page.hints
    page.ritual page.enough page.cycle page.change page.kept page.safe
"""
GUIDANCE = """
    breathing.hold breathing.rest breathing.sighs breathing.caution
    breathing.sigh_in breathing.sigh_more breathing.sigh_out
    settling.offer settling.not_left settling.love_or_anxiety settling.friend settling.journal
    settling.muscle_release settling.muscle_shoulders
    settling.grounding_touch settling.grounding_senses
    settling.panic settling.around settling.press
    settling.need settling.need_closeness settling.need_calm settling.need_understood
    ask.routine ask.track page.guidance page.guidance_less
"""
FIRST = ("signal", "meaning", "no_words", "slow_down", "ritual")
"""What of an agreement has words before anybody agreed: ``first.signal`` and so on."""
ROLES |= frozenset((BRIDGES + SETUP + GUIDANCE).split()) | {f"first.{key}" for key in FIRST}
UNSPOKEN = (
    *("history.", "state.", "screen.", "offer.", "proposed.", "choices.", "first."),
    *("ask.", "setup.", "heading.", "page."),
)
"""Roles that no pause speaks..."""
SPOKEN_ALL_THE_SAME = frozenset({"state.microphone_lost"})
"""...but these."""
NOT_CHOSEN = frozenset(
    {"silent", "other", "no_words", "until", "event", "overnight", "after_midnight"}
)
"""Bridges that go with what happened (a key, a second signal, the hour), not with a choice."""
OWN, OTHER_OWN = "bridge.own", "bridge.other_own"
"""The roles under which bridges stand that the couple wrote themselves."""
