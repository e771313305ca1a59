"""Notebooks that people rename or move in Jupyter, and what is kept of their batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_server import JUPYTER_SERVER_EVENTS_URI

from .gateway.errors import GatewayError

if TYPE_CHECKING:
    from logging import Logger

    from jupyter_events import EventLogger

    from .gateway.vault.vault import Vault

_CONTENTS_EVENTS = f"{JUPYTER_SERVER_EVENTS_URI}/contents_service/v1"


def follow_notebooks(events: EventLogger | None, vault: Vault, log: Logger) -> None:
    """Keep the paths of notebooks in the vault as the server's contents manager has them.

    What is moved in other ways, in a terminal for instance, is not heard of, and nothing in a
    server without events.
    """
    if events is None:
        return

    async def on_contents(logger: EventLogger, schema_id: str, data: dict[str, Any]) -> None:  # noqa: ARG001 - given by name
        if data["action"] != "rename":
            return
        old, new = data["source_path"].strip("/"), data["path"].strip("/")
        try:
            await vault.move_notebooks(old, new)
        except GatewayError as error:
            log.warning("Batches of %s are not known as those of %s: %s", old, new, error)

    # Not the modified ones: what a deployment hides from its logs is a path that is needed here.
    events.add_listener(modified=False, schema_id=_CONTENTS_EVENTS, listener=on_contents)
