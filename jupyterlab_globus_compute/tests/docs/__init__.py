"""Tests of the documentation: its code, links, commands and pictures, and the examples."""
