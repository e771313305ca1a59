"""What a class allows one person, kept before sending, as in `src/cell/run/classLimits.ts`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jupyterlab_globus_compute.gateway.class_record import GatewayError, kept_limits

from .errors import ClassLimitError, ServiceError
from .names import LOCAL
from .service import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jupyterlab_globus_compute.gateway.class_record import ClassFile, ClassRecord

    from .service import Service

Json = dict[str, Any]


class ClassQuota:
    """Counts where JupyterLab counts, so that neither is a way around the other."""

    def __init__(self, file: ClassFile, record: ClassRecord) -> None:
        self._file = file
        self._record = record

    def kept_by(self, service: Service) -> Json | None:
        """Return what a service keeps itself; only that of this computer does."""
        return kept_limits(self._file) if service.name == LOCAL else None

    def check(self, tasks: Sequence[Json]) -> None:
        """Make sure that calls are within the limits. Raises `ClassLimitError`."""
        limits, content = self._file.limits, self._file.content
        try:
            used = self._record.use(self._file).tasks
        except GatewayError as error:
            raise ClassLimitError(error.reason) from None
        if limits.tasks is not None and used + len(tasks) > limits.tasks:
            raise ClassLimitError(
                f'The class "{content["title"]}" allows {limits.tasks} tasks for each student; '
                f"{used} were submitted before, and this cell has {len(tasks)}. Nothing was sent. "
                f"Submit fewer, or ask {content.get('contact', 'your teacher')} for more."
            )
        for task in tasks if limits.payload_bytes is not None else ():
            # Payloads are base64 and ASCII: characters are bytes.
            size = len(task["payload"])
            if limits.payload_bytes is not None and size > limits.payload_bytes:
                raise ClassLimitError(
                    f"The arguments of {task['label']} are {size} bytes, and the class "
                    f'"{content["title"]}" allows {limits.payload_bytes}. Nothing was sent. '
                    "Pass less to each call."
                )

    @contextmanager
    def reserved(self, number: int) -> Iterator[Callable[[int], None]]:
        """Count tasks while they are submitted; gives what is to be told how many were taken.

        Those that the service refused are not counted. Raises `ClassLimitError`.
        """
        left = number

        def taken(some: int) -> None:
            nonlocal left
            left -= some

        self._reserve(number)
        try:
            yield taken
        except UnreachableError:
            # The service may have taken them.
            raise
        except ServiceError:
            self._record.give_back(self._file, left)
            raise

    def _reserve(self, number: int) -> None:
        try:
            self._record.reserve(self._file, number)
        except GatewayError as error:
            raise ClassLimitError(error.reason) from None
