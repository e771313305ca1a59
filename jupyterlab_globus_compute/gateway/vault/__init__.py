"""The vault: what was submitted through this gateway, and every result that came of it.

A SQLite file beside Jupyter's data. Several Jupyter servers of one user may share it. It holds
batches, their tasks, and the service's answers byte for byte, and outlives tabs, kernels,
notebooks and servers.
"""

from __future__ import annotations
