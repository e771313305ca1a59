"""Tests of what people install: the wheel and the sdist, not the sources."""
