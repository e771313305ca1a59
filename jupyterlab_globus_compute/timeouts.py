"""`asyncio.timeout`, for every Python.

Before Python 3.12 `asyncio.wait_for` loses a cancellation that comes as its wait ends
(python/cpython#86296): what is to end would go on.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 11):
    from asyncio import timeout
else:
    from async_timeout import timeout

__all__ = ["timeout"]
