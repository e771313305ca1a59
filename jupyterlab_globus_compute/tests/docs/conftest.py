"""Fixtures: a kernel with the magics and a local service, as a reader has them."""

from __future__ import annotations

from jupyterlab_globus_compute.tests.headless.conftest import lab, service, shared_lab

__all__ = ["lab", "service", "shared_lab"]
