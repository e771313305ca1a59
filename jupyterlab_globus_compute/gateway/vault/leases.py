"""Which of the servers that share a vault does what only one may do."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from .transaction import Transaction

LEASE_S = 30.0
"""A holder that lives renews its lease well before."""


def this_holder() -> str:
    """The name of this process: computer, process id, and when it started."""
    return f"{socket.gethostname()}|{os.getpid()}|{psutil.Process().create_time():.2f}"


def take_lease(transaction: Transaction, name: str, holder: str, now: float) -> bool:
    """Take or renew a lease; answer whether `holder` has it now.

    That of another is taken over when it has run out, and at once when its process, on this
    computer, has ended.
    """
    row = transaction.connection.execute(
        "SELECT holder, until FROM leases WHERE name = ?", (name,)
    ).fetchone()
    if row is not None:
        other, until = row
        # A clock that was set back must not make a lease last for ever.
        is_valid = now < until <= now + 2 * LEASE_S
        if other != holder and is_valid and not _has_ended(other):
            return False
    transaction.connection.execute(
        "INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", (name, holder, now + LEASE_S)
    )
    return True


def give_lease_back(transaction: Transaction, holder: str) -> None:
    """Let go of all leases of a holder."""
    transaction.connection.execute("DELETE FROM leases WHERE holder = ?", (holder,))


def _has_ended(holder: str) -> bool:
    host, _, process = holder.rpartition("|")[0].rpartition("|")
    started = holder.rpartition("|")[2]
    if host != socket.gethostname():
        return False
    try:
        return f"{psutil.Process(int(process)).create_time():.2f}" != started
    except psutil.NoSuchProcess:
        return True
    except (psutil.Error, ValueError):
        return False
