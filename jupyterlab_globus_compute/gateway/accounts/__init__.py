"""Accounts: as whom this server asks Globus Compute, and how a person signs in.

Tokens come from `globus_sdk` and lie in the Python SDK's own store; they leave this package only
towards the service that they are for.
"""

from __future__ import annotations
