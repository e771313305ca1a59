"""Tests of `%%compute` without JupyterLab's front end."""
