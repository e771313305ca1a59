"""Entry point of ``python -m jupyterlab_globus_compute.local``.

Kept this small because a spawned worker may import it again.
"""

from __future__ import annotations

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
