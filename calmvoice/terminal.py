"""The terminal: captions in the middle, the return time above, the keys below.

Rules: drawing and keys belong to the main thread; everyone else only leaves what to show and asks
for a redraw. A key is posted as it is pressed; nothing waits for Enter. In a small window the time
and the words go first.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys as TerminalKeys
from prompt_toolkit.layout import HSplit, Layout, Window, WindowAlign
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.styles import Style

from calmvoice.captions import captions, wrapped
from calmvoice.keys import Keys
from calmvoice.ports import Clock
from calmvoice.screen import Screen
from calmvoice.session.events import Said, TimeTold
from calmvoice.session.script import Line, Script
from calmvoice.shell import Status
from calmvoice.typed_time import TypedTime

STYLE = Style.from_dict(
    {
        "headline": "bold",
        "caption": "",
        "trouble": "fg:ansiyellow",
        "help": "fg:ansibrightblack",
        "lit": "bg:#fff1d0 fg:#000000",
        "lit trouble": "fg:#000000",
        "lit help": "fg:#000000",
    }
)
LIGHT_SECONDS = 2.0  # half of it bright: it calls, and is far from the 3 flashes a second that harm
REDRAW_SECONDS = 0.5  # while a pause runs: the cue of the breath and the minutes change
TROUBLE_LINES = 3
HEADLINE_LINES, CAPTION_LINES, HELP_LINES = 2, 6, 3

Cue = Callable[[], str]


class Terminal:
    """A full screen while it runs; a ``Display`` for the stagehand."""

    def __init__(
        self,
        screen: Screen,
        keys: Keys,
        clock: Clock,
        cue: Cue,
        post: Callable[[Said | TimeTold], None],
    ) -> None:
        self._screen, self._keys, self._clock = screen, keys, clock
        self._cue, self._post = cue, post
        self._status: Status | None = None
        self._caption = captions(screen)
        self._troubles: list[str] = []
        self._typed = TypedTime()
        self._application: Application[None] = Application(
            layout=Layout(self._layout()),
            key_bindings=self._bindings(),
            style=STYLE,
            full_screen=True,
            erase_when_done=True,
        )

    def run(self) -> None:
        """Draw and take keys until quit, Ctrl-C, SIGTERM or ``end``."""
        self._application.run(pre_run=self._begin)

    def end(self) -> None:
        """Close the screen; from any thread."""
        loop = self._application.loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
                loop.call_soon_threadsafe(self._exit)

    def show_status(self, status: Status) -> None:
        """The stage or the promise changed."""
        self._status = status
        self._application.invalidate()

    def show_script(self, script: Script) -> None:
        """These lines begin to be spoken."""
        self._caption.begin(script)
        self._application.invalidate()

    def show_line(self, line: Line) -> None:
        """Something to read that is not spoken."""
        self.show_script((line,))

    def show_trouble(self, message: str, hint: str) -> None:
        """Something does not work, and what to do."""
        trouble = f"{message} {hint}".strip()
        if trouble not in self._troubles:
            self._troubles = [*self._troubles, trouble][-TROUBLE_LINES:]
        self._application.invalidate()

    def clear_trouble(self, message: str) -> None:
        """It works again."""
        self._troubles = [text for text in self._troubles if not text.startswith(message)]
        self._application.invalidate()

    def _begin(self) -> None:
        self._application.create_background_task(self._tick())
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError):  # not on every system
            loop.add_signal_handler(signal.SIGTERM, self._exit)
            loop.add_signal_handler(signal.SIGHUP, self._exit)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(REDRAW_SECONDS)
            status = self._status
            if status is not None and (status.return_at is not None or self._screen.is_large):
                self._application.invalidate()

    def _exit(self) -> None:
        future = self._application.future
        if future is not None and not future.done():
            self._application.exit()

    def _layout(self) -> HSplit:
        def window(
            draw: Callable[[], StyleAndTextTuples],
            height: Dimension | None = None,
            only_needed: bool = False,
        ) -> Window:
            return Window(
                FormattedTextControl(draw),
                height=height,
                dont_extend_height=only_needed,
                align=WindowAlign.CENTER,
                wrap_lines=True,
                always_hide_cursor=True,
            )

        def at_most(lines: int, least: int = 0) -> Dimension:
            return Dimension(least, lines, preferred=lines)

        headline = window(self._draw_headline, at_most(HEADLINE_LINES, HEADLINE_LINES))
        space = Dimension(0, preferred=0)  # where there is some
        troubles, caption = at_most(TROUBLE_LINES + 1), at_most(CAPTION_LINES, 1)
        large = self._screen.is_large
        return HSplit(
            [
                *([] if large else [window(lambda: [], Dimension(0, 1, preferred=0))]),
                headline,
                window(lambda: [], space),
                window(self._draw_caption, None if large else caption, only_needed=large),
                window(lambda: [], space),
                window(self._draw_troubles, None if large else troubles, only_needed=large),
                window(self._draw_help, at_most(HELP_LINES)),
            ],
            window_too_small=window(self._draw_headline),
            style=self._light,
        )

    def _light(self) -> str:
        """Return the style of the whole screen: now and then bright, where light calls."""
        lit = self._status is not None and self._screen.is_lit(self._status)
        bright = self._clock.now().steady % LIGHT_SECONDS < LIGHT_SECONDS / 2
        return "class:lit" if lit and bright else ""

    def _draw_headline(self) -> StyleAndTextTuples:
        if self._status is None:
            return []
        wall = self._status.wall(self._clock.now())
        return [("class:headline", self._wrapped(self._screen.headline(self._status, wall)))]

    def _draw_caption(self) -> StyleAndTextTuples:
        size = self._application.output.get_size()
        rows = size.rows - HEADLINE_LINES - HELP_LINES - TROUBLE_LINES * bool(self._troubles)
        return [("class:caption", self._caption.draw(self._cue(), size.columns, rows))]

    def _draw_troubles(self) -> StyleAndTextTuples:
        lines = list(self._troubles)
        if self._status is not None and self._status.asks_time:
            lines.append(self._screen.time_asked(self._typed.text))
        return [("class:trouble", "\n".join(map(self._wrapped, lines)))]

    def _draw_help(self) -> StyleAndTextTuples:
        if self._status is None:
            return []
        return [("class:help", self._wrapped(self._screen.help(self._status)))]

    def _wrapped(self, text: str) -> str:
        """Break lines between words: the terminal would break them anywhere."""
        return wrapped(text, self._application.output.get_size().columns)

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add("c-c")
        @bindings.add("q")
        def _(event: KeyPressEvent) -> None:  # noqa: ARG001 - prompt_toolkit passes it
            self._exit()

        @bindings.add(TerminalKeys.Any)
        @bindings.add("enter")
        def _(event: KeyPressEvent) -> None:
            self._press(event.key_sequence[0].data)

        return bindings

    def _press(self, data: str) -> None:
        if self._status is None:
            return
        if self._status.asks_time and self._typed.takes(data):
            told = self._typed.press(data)
            if told is not None:
                self._post(told)
            return
        key = "space" if data == " " else data
        meaning = self._keys.meaning(key, self._status.stage)
        if meaning is not None:
            self._post(Said(meaning, by_key=True))
