"""A stand-in for Globus in processes of its own: Globus Auth, Groups and the Compute service.

``python -m jupyterlab_globus_compute.tests.cloud DIR`` runs it until standard input ends.
Tokens come from a real OpenID provider; tasks are run by the project's local service, behind a
front that checks every token and owns things by identity, as the hosted service does.
"""
