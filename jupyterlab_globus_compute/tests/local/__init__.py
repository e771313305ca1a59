"""Tests of the embedded compute service: real processes, real worker code."""
