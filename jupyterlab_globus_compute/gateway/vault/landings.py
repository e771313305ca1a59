"""Which browser writes a batch's late results into the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .errors import batch_not_found

if TYPE_CHECKING:
    from .transaction import Transaction

LandingAction = Literal["claim", "release", "landed", "background"]
LANDING_ACTIONS: tuple[LandingAction, ...] = ("claim", "release", "landed", "background")

LEASE_S = 30.0
"""A browser that lives renews its claim well before."""


def land(
    transaction: Transaction, batch_id: str, client: str, action: LandingAction, now: float
) -> bool:
    """Claim a batch, or give it back; answer whether `client` has, or had, the right to it.

    A claim is refused while another browser's holds, and once the results have landed. `landed`
    notes that they stand in the notebook; `background` gives a batch back whose results are
    still to land. Raises `GatewayError` 404.
    """
    row = transaction.connection.execute(
        "SELECT number, landed, landing_client, landing_until FROM batches"
        " WHERE batch_id = ? AND forgotten_at IS NULL",
        (batch_id,),
    ).fetchone()
    if row is None:
        raise batch_not_found(batch_id)
    batch, landed, holder, until = row
    if holder not in (None, client) and until > now:
        return False
    if action == "claim":
        if landed:
            return False
        transaction.connection.execute(
            "UPDATE batches SET landing_client = ?, landing_until = ? WHERE number = ?",
            (client, now + LEASE_S, batch),
        )
        return True
    transaction.connection.execute(
        "UPDATE batches SET landing_client = NULL, landing_until = 0, landed = ? WHERE number = ?",
        ({"landed": 1, "background": 0}.get(action, landed), batch),
    )
    # Told to the other browsers, which may be waiting for it.
    transaction.touch([batch])
    return True
