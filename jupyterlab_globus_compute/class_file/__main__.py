"""`python -m jupyterlab_globus_compute.class_file`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
