"""What can go wrong; every message says what happened and what to do."""

from __future__ import annotations


class OverviewError(Exception):
    """There is nothing to show at all."""


class NotebookError(Exception):
    """One notebook cannot be read; the others can."""
