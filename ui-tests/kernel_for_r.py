"""A kernel that says it is for R, and echoes: for the tests of what other kernels do."""

from __future__ import annotations

from typing import Any, ClassVar

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class KernelForR(Kernel):
    """Shows the code it is sent."""

    implementation = "echo"
    implementation_version = "1"
    language_info: ClassVar[dict[str, Any]] = {
        "name": "R",
        "mimetype": "text/x-rsrc",
        "file_extension": ".r",
    }
    banner = "echo"

    async def do_execute(self, code: str, silent: bool, *_args: Any, **_kwargs: Any) -> Any:
        """Show the code."""
        if not silent:
            content = {"name": "stdout", "text": f"R was sent: {code}"}
            self.send_response(self.iopub_socket, "stream", content)
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }


IPKernelApp.launch_instance(kernel_class=KernelForR)
