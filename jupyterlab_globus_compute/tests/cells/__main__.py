"""Prints the rows for browsers as JSON: `python -m jupyterlab_globus_compute.tests.cells`."""

from __future__ import annotations

import json
import sys

from .table import rows

json.dump([row._asdict() for row in rows() if row.browser], sys.stdout)
