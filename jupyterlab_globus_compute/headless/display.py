"""How a cell shows its batch: one display that is brought up to date, or text in a terminal."""

from __future__ import annotations

import sys
import time
import uuid
from typing import TYPE_CHECKING, Any

from .card import mime_bundle, text_card
from .words import count_words, duration_words, plain_text, title_words

if TYPE_CHECKING:
    from .batch import Batch
    from .envelopes import Shown

_INTERVAL_S = 0.5


class Display:
    """Shows one batch. `quiet` shows it only when it fails."""

    def __init__(self, shell: Any, quiet: bool) -> None:
        self._shell = shell
        # A kernel's front end replaces what it shows; a terminal adds lines.
        self._is_live = getattr(shell, "kernel", None) is not None
        self._is_quiet = quiet
        self._id = str(uuid.uuid4())
        self._is_there = False
        self._line_width = 0
        self._shown_at_s = 0.0

    def progress(self, batch: Batch) -> None:
        """Show how far a batch is, not more often than people can follow."""
        now = time.monotonic()
        if self._is_quiet or now - self._shown_at_s < _INTERVAL_S:
            return
        self._shown_at_s = now
        if self._is_live:
            self._put_card(batch)
        elif sys.stderr.isatty():
            title = title_words(batch.title, len(batch.tasks))
            waited = duration_words(time.time() - batch.created)
            self._put_line(plain_text(f"{title}: {count_words(batch.counts)} · {waited}"))

    def begin(self, batch: Batch) -> None:
        """Put the card where it stays, above what the cell shows."""
        if self._is_live and not self._is_quiet and not self._is_there:
            self._put_card(batch)

    def end(self, batch: Batch) -> None:
        """Show how a batch ended."""
        self.clear_line()
        if self._is_quiet and batch.state not in ("failed", "problem"):
            return
        if self._is_live:
            self._put_card(batch)
        else:
            print(text_card(batch.snapshot()))

    def outputs(self, shown: Shown) -> None:
        """Show what a task wrote and drew."""
        self.clear_line()
        sys.stdout.write(shown.stdout)
        sys.stdout.flush()
        sys.stderr.write(shown.stderr)
        sys.stderr.flush()
        for bundle in shown.displays:
            self._shell.display_pub.publish(data=bundle, metadata={})

    def note(self, text: str) -> None:
        """Say something of the run, unless it is to be quiet."""
        if not self._is_quiet:
            self.clear_line()
            print(f"Note: {text}", file=sys.stderr, flush=True)

    def clear_line(self) -> None:
        """Take the line of progress away."""
        if self._line_width:
            self._put_line("")

    def _put_card(self, batch: Batch) -> None:
        self._shell.display_pub.publish(
            data=mime_bundle(batch.snapshot()),
            metadata={},
            transient={"display_id": self._id},
            update=self._is_there,
        )
        self._is_there = True

    def _put_line(self, text: str) -> None:
        end = "" if text else "\r"
        print(f"\r{text.ljust(self._line_width)}", end=end, file=sys.stderr, flush=True)
        self._line_width = len(text)
