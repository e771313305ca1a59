"""How much of what strangers wrote is looked at."""

from __future__ import annotations

MAX_NOTEBOOK_BYTES = 25 * 1024 * 1024
MAX_NOTEBOOKS = 2000
MAX_STUDENTS = 1000
MAX_ENTRIES = 20_000
"""Of files and folders that are walked through in search of notebooks."""

MAX_CELLS = 1000
MAX_OUTPUTS = 1000
"""Of a cell."""

MAX_EXERCISES = 50
MAX_SOURCE_CHARACTERS = 100_000
MAX_COMPARED_CHARACTERS = 10_000
"""Of a result, when it is compared with that of the teacher."""

MAX_SHOWN_CHARACTERS = 160
"""Of any text in the table."""
