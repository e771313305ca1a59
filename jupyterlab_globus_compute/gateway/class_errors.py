"""What is refused because of a class file, as errors that a browser can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import GatewayError

if TYPE_CHECKING:
    from collections.abc import Sequence


def class_file_not_found(path: str) -> GatewayError:
    """404: the folder has no class file."""
    return GatewayError(
        404,
        "CLASS_FILE_NOT_FOUND",
        "There is no class file in this folder. It may have been moved; look into the folder.",
        error_args=[path],
    )


def class_file_changed() -> GatewayError:
    """409: what the person has seen is not what the file says now."""
    return GatewayError(
        409,
        "CLASS_FILE_CHANGED",
        "The class file has changed since it was shown. Look at it again, then accept it.",
    )


def class_file_invalid(problems: Sequence[str]) -> GatewayError:
    """422: the file is none that can be accepted."""
    return GatewayError(
        422,
        "CLASS_FILE_INVALID",
        f"The class file cannot be used: {'; '.join(problems)}. Ask whoever made it for another.",
        error_args=list(problems),
    )


def class_service_not_found(name: str, known: Sequence[str]) -> GatewayError:
    """422: the file names a service that this server does not have."""
    return GatewayError(
        422,
        "CLASS_SERVICE_NOT_FOUND",
        f"The class file names the compute service '{name}', which this Jupyter server does not "
        f"have (it has: {', '.join(known)}). Ask whoever set the server up to add it.",
        error_args=[name],
    )


def class_not_accepted() -> GatewayError:
    """409: the class was never accepted here, or is no longer."""
    return GatewayError(
        409,
        "CLASS_NOT_ACCEPTED",
        "The class file of this notebook is not accepted here any more. Accept it, or run the "
        "cell again without it.",
    )


def class_tasks_spent(limit: int, used: int, wanted: int) -> GatewayError:
    """403: the tasks are more than the class allows one person."""
    return GatewayError(
        403,
        "CLASS_TASKS_SPENT",
        f"The class allows {limit:,} tasks for each student; {used:,} were submitted before, and "
        f"this cell has {wanted:,}. Submit fewer, or ask your teacher for more.",
        error_args=[str(limit), str(used), str(wanted)],
    )


def class_payload_too_large(limit_bytes: int, size_bytes: int) -> GatewayError:
    """413: the arguments of a task are larger than the class allows."""
    return GatewayError(
        413,
        "CLASS_PAYLOAD_TOO_LARGE",
        f"The class allows {limit_bytes:,} bytes of arguments for a task, and one of these has "
        f"{size_bytes:,}. Pass less to each call.",
        error_args=[str(limit_bytes), str(size_bytes)],
    )
