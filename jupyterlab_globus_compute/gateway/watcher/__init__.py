"""The watcher: fetches every result as soon as it exists, once, into the vault."""

from __future__ import annotations
