"""Tests of the overview of a class."""
