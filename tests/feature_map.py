"""The features CalmVoice is built on, each with the code that has it and the test that shows it.

``python tests/feature_map.py > docs/FEATURES.md`` draws the table in the docs. A feature stands in
code by the names of modules, classes or functions; in words by roles of the language file. What is
not there yet stands in ``NOT_YET``, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One row: ``code`` names objects under ``calmvoice``, ``lines`` roles, ``tests`` functions.

    A test is "folder/file::name", without "test_" and ".py".
    """

    number: int
    what: str
    code: tuple[str, ...]
    lines: tuple[str, ...]
    tests: tuple[str, ...]


def row(number: int, what: str, *, code: str, lines: str, tests: str) -> Feature:
    """Return a feature; several names are set apart by spaces."""
    return Feature(number, what, tuple(code.split()), tuple(lines.split()), tuple(tests.split()))


NOT_YET: dict[int, str] = {}
"""What nothing in this program does, by number; a test counts them, so that none is forgotten."""

BUILT = (
    row(
        1,
        "couple's own signal word",
        code="wiring.phrases ears.phrases.require_phrase",
        lines="first.signal",
        tests="words/prompter::the_bridge_says_the_couples_word_the_minutes_and_the_time",
    ),
    row(
        2,
        'its meaning spoken each time ("pressing pause, not walking away")',
        code="wiring_rules.AFTER_BRIDGE",
        lines="first.meaning leaving.meaning",
        tests="session/agreed_pause::meaning_bid_and_promise_follow_the_bridge",
    ),
    row(
        3,
        "wordless trigger: key, button, knock",
        code="keys.Keys session.bridges.tonight",
        lines="bridge.silent",
        tests="session/pause::a_key_speaks_for_someone_who_cannot "
        "words/language::any_key_asks_for_a_pause_or_says_here",
    ),
    row(
        4,
        "two levels: slow down / pause",
        code="session.moves.starting.slow_down",
        lines="slow_down.begin slow_down.end",
        tests="session/pause::slow_down_is_five_quiet_seconds",
    ),
    row(
        5,
        "either partner may call it",
        code="meanings.CALLS session.promise.PauseRecord",
        lines="leaving.who_asked page.either",
        tests="session/bridges::nobody_is_told_who_asked "
        "app/journal::no_column_could_hold_words_or_who",
    ),
    row(
        6,
        'early-catch phrases ("slipping into our cycle")',
        code="settings.Agreement session.moves.starting.slow_seconds",
        lines="slow_down.named",
        tests="session/bridges::the_cycle_is_named_and_five_seconds_are_quiet",
    ),
    row(
        7,
        "bridge with a concrete clock time",
        code="session.rules.whole_minute roles.NEED_TIME",
        lines="bridge.default",
        tests="session/bridges::every_bridge_has_a_return_on_a_whole_minute_under_the_maximum "
        "words/language::a_bridge_without_a_time_is_refused",
    ),
    row(
        8,
        "bridge check: timeline, reason, promise",
        code="bridge_check.check_bridge",
        lines="offer.timeline offer.reason offer.promise",
        tests="words/line_lint::it_says_which_part_is_missing_and_offers_the_words",
    ),
    row(
        9,
        "several bridges to choose from",
        code="language.PhrasePack cli.bridges",
        lines="bridge.default bridge.shortest bridge.first_person bridge.pursuing",
        tests="app/init::bridges_are_listed_played_and_looked_at",
    ),
    row(
        10,
        "bridge wording per partner",
        code="session.bridges.tonight",
        lines="bridge.first_person",
        tests="session/bridges::what_asked_for_the_pause_chooses_the_bridge",
    ),
    row(
        11,
        "very short bridge",
        code="wiring_rules.bridge_role",
        lines="bridge.shortest",
        tests="session/agreed_pause::meaning_bid_and_promise_follow_the_bridge "
        "words/line_lint::every_bridge_is_whole_and_the_short_ones_are_short",
    ),
    row(
        12,
        "no-words-yet bridge",
        code="session.bridges.tonight",
        lines="bridge.no_words first.no_words",
        tests="session/bridges::what_asked_for_the_pause_chooses_the_bridge",
    ),
    row(
        13,
        "small bid before leaving",
        code="wiring_rules.AFTER_BRIDGE",
        lines="leaving.bid proposed.bid",
        tests="session/agreed_pause::meaning_bid_and_promise_follow_the_bridge",
    ),
    row(
        14,
        "a time added to vague bridges",
        code="bridge_check.with_time",
        lines="setup.lacks_timeline",
        tests="words/line_lint::a_time_is_added_only_where_there_is_none",
    ),
    row(
        15,
        "return by duration, clock or event",
        code="session.bridges.choose",
        lines="bridge.until bridge.event",
        tests="session/bridges::until_half_past_eight "
        "session/bridges::food_first_comes_back_after_the_meal",
    ),
    row(
        16,
        "commitment to come back",
        code="session.promise.Promise journal.SqliteJournal",
        lines="return.call",
        tests="app/journal::a_promise_is_there_after_the_process_was_killed "
        "session/session_properties::no_order_of_events_loses_a_promise",
    ),
    row(
        17,
        "regulation plan (walk, breathe, water, grounding)",
        code="routine_file.read routine_file.chosen",
        lines="ask.routine page.guidance",
        tests="words/routine::one_of_their_own "
        "words/routine::what_is_wrong_is_named_with_line_key_and_reason",
    ),
    row(
        18,
        "maximum pause",
        code="session.moves.more_time session.rules.Rules",
        lines="more_time.cap",
        tests="session/pause::the_couples_maximum_holds "
        "session/pause::a_talk_that_is_owed_ends_after_a_day",
    ),
    row(
        19,
        "the other side's promise to honour the time",
        code="wiring_rules.AFTER_BRIDGE",
        lines="leaving.promise proposed.promise",
        tests="session/agreed_pause::meaning_bid_and_promise_follow_the_bridge",
    ),
    row(
        20,
        "chosen re-entry ritual",
        code="wiring_rules.REENTRY",
        lines="reentry.ritual first.ritual",
        tests="session/agreed_pause::the_first_minute_has_the_ritual_what_is_enough_and_no_blame",
    ),
    row(
        21,
        '"enough connection" entries',
        code="wiring_rules.REENTRY",
        lines="reentry.enough proposed.enough",
        tests="session/agreed_pause::the_first_minute_has_the_ritual_what_is_enough_and_no_blame "
        "session/agreed_pause::what_was_not_agreed_on_is_not_said",
    ),
    row(
        22,
        "written agreement, read aloud, printed",
        code="agreement.page agreement.pdf",
        lines="page.intro",
        tests="app/init::the_agreement_is_shown_saved_read_and_taken_back "
        "agreement/page::the_pdf_is_one_page",
    ),
    row(
        23,
        "setup only when calm",
        code="agreement.making.Making",
        lines="setup.calm setup.not_calm",
        tests="agreement/making::not_calm_is_come_back_later app/init::a_running_pause_comes_first",
    ),
    row(
        24,
        "a timer that keeps the promise",
        code="session.moves.restarting shell.Shell",
        lines="return.restarted return.missed return.slept return.clock_doubt",
        tests="loop/kill::ten_kills_at_random_moments_and_one_promise "
        "session/pause::the_lid_closed_over_the_return_is_owned "
        "session/pause::a_clock_that_boots_in_the_past_is_doubted_aloud",
    ),
    row(
        25,
        "extension only with a new time",
        code="session.moves.more_time",
        lines="more_time.announce more_time.second more_time.confirm",
        tests="session/trust_rule::the_return_moves_once_by_either_again_only_by_both_and_is_said",
    ),
    row(
        26,
        "feet down, longer exhale",
        code="breathing.Pattern settings.Breathing",
        lines="breathing.intro",
        tests="words/breathing::four_in_six_out_for_five_minutes "
        "words/settings::the_default_breath_is_ten_seconds",
    ),
    row(
        27,
        "breathe, journal, ground",
        code="session.moves.guiding.begin_breathing session.moves.guiding.track_in_settling",
        lines="settling.journal settling.grounding",
        tests="session/agreed_pause::the_one_who_waits_is_given_lines_of_their_own "
        "session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside",
    ),
    row(
        28,
        "jaw and shoulders",
        code="session.moves.guiding.begin_settling",
        lines="settling.body",
        tests="session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside",
    ),
    row(
        29,
        "warm mug, cold water",
        code="session.moves.guiding.begin_settling",
        lines="settling.temperature",
        tests="session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside",
    ),
    row(
        30,
        "slow walk, water",
        code="session.moves.guiding.begin_settling",
        lines="settling.walk time_left.five",
        tests="session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside "
        "session/pause::a_whole_pause",
    ),
    row(
        31,
        "friend / journal idea for the one who pursues",
        code="session.moves.guiding.track_in_settling",
        lines="settling.friend settling.journal",
        tests="session/agreed_pause::the_one_who_waits_is_given_lines_of_their_own",
    ),
    row(
        32,
        "line against stewing and rehearsing",
        code="session.moves.guiding.begin_settling",
        lines="settling.rehearsing",
        tests="session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside",
    ),
    row(
        33,
        "body before words",
        code="session.moves.guiding.begin_breathing",
        lines="reentry.together",
        tests="session/agreed_pause::the_quiet_part_begins_with_the_body_and_sets_brooding_aside "
        "session/pause::a_whole_pause",
    ),
    row(
        34,
        "two tracks: racing / shut down",
        code="session.moves.guiding.put_first meanings.TRACKS",
        lines="settling.blank settling.panic",
        tests="session/guidance::two_people_two_tracks_and_both_are_heard",
    ),
    row(
        35,
        '"from love, or from anxiety?"',
        code="session.moves.guiding.track_in_settling",
        lines="settling.love_or_anxiety",
        tests="session/agreed_pause::the_one_who_waits_is_given_lines_of_their_own",
    ),
    row(
        36,
        "need finder: connection, calm, understanding",
        code="session.moves.guiding.answer_need",
        lines="settling.need settling.need_closeness settling.need_calm settling.need_understood",
        tests="session/guidance::a_need_is_heard_only_while_it_is_asked",
    ),
    row(
        37,
        "guard against fawning",
        code="session.moves.reentry.offer_words",
        lines="reentry.fawning",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        38,
        "return announced to both",
        code="session.moves.returning",
        lines="return.call return.repeat",
        tests="session/pause::nobody_answers_the_calls_grow_louder_and_the_talk_is_owed "
        "loop/whole_loop::a_pause_lived_aloud",
    ),
    row(
        39,
        "scripted first minute",
        code="session.moves.reentry.begin_reentry",
        lines="reentry.together reentry.withdrew reentry.pursued",
        tests="session/agreed_pause::the_first_minute_has_the_ritual_what_is_enough_and_no_blame",
    ),
    row(
        40,
        "soft start-ups",
        code="session.moves.reentry.offer_words",
        lines="reentry.soft_start",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        41,
        "protest to need",
        code="session.moves.reentry.offer_words",
        lines="reentry.protest",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        42,
        "specific, timed request",
        code="session.moves.reentry.offer_words",
        lines="reentry.request",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        43,
        "feeling without blame",
        code="session.moves.reentry.offer_words line_lint.faults",
        lines="reentry.feeling",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard "
        "words/line_lint::a_line_that_is_hard_to_hear_is_named",
    ),
    row(
        44,
        "time frame on a need",
        code="session.moves.reentry.offer_words",
        lines="reentry.request reentry.pursued",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        45,
        "re-entry for the one who withdrew",
        code="session.moves.reentry.quiet_one_starts",
        lines="reentry.withdrew",
        tests="session/reentry::who_starts_hears_their_words_first",
    ),
    row(
        46,
        "re-entry for the one who pursued",
        code="session.moves.reentry.waiting_one_starts",
        lines="reentry.pursued",
        tests="session/reentry::who_starts_hears_their_words_first",
    ),
    row(
        47,
        "role chosen per pause",
        code="session.moves.reentry.ask_who_starts",
        lines="reentry.who_starts",
        tests="session/reentry::nobody_says_who_starts_and_it_is_left_open "
        "session/reentry::who_started_is_kept_nowhere",
    ),
    row(
        48,
        "naming the pattern",
        code="wiring_rules.REENTRY",
        lines="reentry.naming slow_down.named",
        tests="session/agreed_pause::the_first_minute_has_the_ritual_what_is_enough_and_no_blame",
    ),
    row(
        49,
        "the cycle is the problem, no blame",
        code="wiring_rules.REENTRY line_lint.faults",
        lines="reentry.team page.cycle",
        tests="session/agreed_pause::the_first_minute_has_the_ritual_what_is_enough_and_no_blame "
        "words/line_lint::every_line_of_english_passes",
    ),
    row(
        50,
        'reframes ("a stress response, not rejection")',
        code="wiring_rules.HELP",
        lines="reentry.reframe",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        51,
        "the tender layer",
        code="wiring_rules.HELP",
        lines="reentry.tender",
        tests="session/agreed_pause::words_are_offered_one_after_the_other_until_all_were_heard",
    ),
    row(
        52,
        "weekly check-in, bids for connection",
        code="session.reminders.due session.moves.between.remind",
        lines="reminders.check_in reminders.hello ask.check_in page.check_in",
        tests="session/reminders::a_check_in_once_a_week_on_its_day_from_its_hour "
        "session/reminders::no_order_of_events_brings_one_near_a_pause_or_into_quiet_hours",
    ),
    row(
        53,
        "reaching out when not needed",
        code="session.reminders.due reminder_settings.Reminders",
        lines="reminders.hello ask.hello_days page.hello",
        tests="session/reminders::a_hello_is_for_a_day_without_a_pause",
    ),
    row(
        54,
        "micro-changes",
        code="session.moves.reentry.caught",
        lines="reflection.small",
        tests="session/agreed_pause::to_early_middle_and_late_the_same_kind_words_are_said",
    ),
    row(
        55,
        "progress: caught earlier, recovered smoother",
        code="history.weeks.by_week history.drawing.drawn history.picture.save_picture",
        lines="history.early history.kept history.note",
        tests="app/history::the_page_draws_each_pause_and_says_what_the_dots_mean "
        "app/history::the_pictures_show_the_weeks "
        "app/history::nothing_on_the_page_scores_or_judges",
    ),
    row(
        56,
        "no scoring, no verdict",
        code="journal.HistoryRow session.moves.reentry.caught",
        lines="reflection.ask",
        tests="app/journal::no_column_could_hold_words_or_who "
        "session/agreed_pause::to_early_middle_and_late_the_same_kind_words_are_said",
    ),
    row(
        57,
        "not a tool for stonewalling",
        code="session.reminders.due",
        lines="hints.fair_use page.hints",
        tests="session/reminders::when_a_hint_is_given session/reminders::hints_are_rare",
    ),
    row(
        58,
        "when to seek help",
        code="session.reminders.due",
        lines="hints.seek_help",
        tests="session/reminders::when_a_hint_is_given "
        "session/reminders::whatever_was_missed_two_hints_are_a_fortnight_apart",
    ),
    row(
        59,
        "solo use",
        code="session.moves.reentry.left_open agreement.questions",
        lines="ask.people page.return_alone",
        tests="session/pause::one_person_alone_needs_one_answer "
        "session/reentry::someone_practising_alone_is_given_words_for_both_sides_and_no_swap "
        "agreement/interview::alone_nobody_is_asked_about_the_other",
    ),
    row(
        60,
        "any gender, any couple",
        code="roles.ROLES",
        lines="page.safe",
        tests="words/line_lint::the_words_are_for_any_two_people",
    ),
)


def path_of(name: str) -> str:
    """Return the file and the name in it of a test."""
    place, _, function = name.partition("::")
    folder, _, file = place.partition("/")
    return f"tests/{folder}/test_{file}.py::test_{function}"


def table() -> Iterator[str]:
    """Yield the lines of docs/FEATURES.md."""
    yield "# Features"
    yield ""
    yield "What the practices ask for that CalmVoice is built on, where it is, and what shows it."
    yield "Drawn by `python tests/feature_map.py > docs/FEATURES.md`; a test holds it to the code."
    yield ""
    yield "| # | feature | code | words | test |"
    yield "|---|---|---|---|---|"
    rows = {feature.number: feature for feature in BUILT}
    for number in sorted({*rows, *NOT_YET}):
        if number in NOT_YET:
            yield f"| {number} | {NOT_YET[number]} | **not yet** | | |"
            continue
        feature = rows[number]
        cells = (
            [f"`{name}`" for name in feature.code],
            [f"`{role}`" for role in feature.lines],
            [f"`{path_of(name).removeprefix('tests/')}`" for name in feature.tests],
        )
        yield f"| {number} | {feature.what} | {' | '.join('<br>'.join(cell) for cell in cells)} |"


if __name__ == "__main__":
    print("\n".join(table()))  # noqa: T201 - this file is also a command
