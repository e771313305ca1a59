"""Tests of the vault and its watcher."""
