"""The gateway: compute services behind the Jupyter server's own door.

It knows which services there are, keeps the local one running, and passes
requests of the Compute REST API through to them, adding the credential that
the browser must not hold.
"""

from __future__ import annotations
