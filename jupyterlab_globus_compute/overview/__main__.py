"""`python -m jupyterlab_globus_compute.overview`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
