"""The embedded compute service: the Compute REST API for one person on one machine.

Started as a process of its own with ``python -m jupyterlab_globus_compute.local``.
"""
