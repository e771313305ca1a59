"""What the vault cannot do, as errors that a browser can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyterlab_globus_compute.gateway.errors import GatewayError

if TYPE_CHECKING:
    from pathlib import Path


class VaultUnusableError(Exception):
    """The vault's file cannot be used. The message says why, and what to do."""


def vault_unusable(error: VaultUnusableError) -> GatewayError:
    """503: there is no vault."""
    return GatewayError(503, "VAULT_UNUSABLE", str(error))


def vault_failed(error: Exception) -> GatewayError:
    """503: the vault could not be read or written this time."""
    return GatewayError(
        503,
        "VAULT_FAILED",
        f"The file that keeps results could not be read or written ({error}). "
        "See whether the disk is full, then try again.",
    )


def later_format(path: Path, found: int, known: int) -> VaultUnusableError:
    """The file was written by a later version of this package."""
    return VaultUnusableError(
        f"{path} was written by a later version of jupyterlab-globus-compute (format {found}, "
        f"known: {known}). Update jupyterlab-globus-compute, or move the file away."
    )


def damaged(path: Path, kept: Path, error: Exception) -> VaultUnusableError:
    """The file is damaged and has been moved aside."""
    return VaultUnusableError(
        f"{path} is damaged ({error}). It was moved to {kept} and is kept there; "
        "restart the Jupyter server to begin with an empty one."
    )


def unusable(path: Path, error: Exception) -> VaultUnusableError:
    """The file cannot be opened or written: permissions, a full disk."""
    return VaultUnusableError(
        f"{path} cannot be used to keep results ({error}). Put that right, "
        "then restart the Jupyter server."
    )


def batch_not_found(batch_id: str) -> GatewayError:
    """404: the vault has no such batch."""
    return GatewayError(
        404,
        "BATCH_NOT_FOUND",
        "No batch of this id is kept here. It may have been forgotten, or its time was up.",
        error_args=[batch_id],
    )


def batch_of_another_service(batch_id: str, service: str) -> GatewayError:
    """409: a batch stays with the service it was planned for."""
    return GatewayError(
        409,
        "BATCH_OF_ANOTHER_SERVICE",
        f"This batch belongs to the service '{service}'. Begin a new batch for another one.",
        error_args=[batch_id],
    )


def invalid_batch(detail: str) -> GatewayError:
    """422: a body or an argument of a request about batches is not as it should be."""
    return GatewayError(
        422, "INVALID_BATCH_REQUEST", f"{detail}. Correct the request, then send it again."
    )


def take_over_needed(label: str) -> GatewayError:
    """409: following would take the results away from whoever submitted the tasks."""
    return GatewayError(
        409,
        "TAKE_OVER_NEEDED",
        f"The service '{label}' may give a result only once: whoever submitted these tasks may "
        "then not get it. Take the tasks over only if that is what you want.",
    )


def tasks_not_found(label: str) -> GatewayError:
    """404: the service knows none of the tasks that are to be followed."""
    return GatewayError(
        404,
        "TASKS_NOT_FOUND",
        f"The service '{label}' knows none of these tasks. Check the ids, and the service.",
    )
