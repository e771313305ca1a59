"""What students do with an exercise, and what the table must say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.classroom.sheet import Exercise

_KILL = "    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)"


class Deed(NamedTuple):
    """What a student does: `solution` is what they write, None for what is right; `below` what
    they write instead of what stands below it.

    `state`, `expected` and `edited` are what the table must say, `error` how its error begins.
    """

    name: str
    state: str
    solution: str | None = None
    expected: bool | None = None
    edited: bool | None = None
    error: str = ""
    below: str | None = None

    def source(self, exercise: Exercise) -> str:
        """The text of the cell that the student runs."""
        solution = exercise.solution if self.solution is None else self.solution
        return exercise.source(solution, self.below)

    def told(self, exercise: Exercise) -> dict[str, Any]:
        """What the table must say."""
        wrong = "['WRONG', 'WRONG', 'WRONG', 'WRONG']" if exercise.value[0] == "[" else "'WRONG'"
        result = exercise.value if self.expected else wrong
        return {
            "state": self.state,
            "expected": self.expected,
            "edited": self.edited,
            "result": result if self.state == "done" else "",
            "error": self.error,
        }


RIGHT = Deed("right", "done", expected=True, edited=False)
WRONG = Deed("wrong answer", "done", '    return "WRONG"', expected=False, edited=False)
EXCEPTION = Deed(
    "exception",
    "failed",
    "    return 1 / 0",
    edited=False,
    error="ZeroDivisionError: ",
)
UNSENT = Deed("not sent", "unsent", "    !ls\n    return 1", error="CellError: ")
EDITED = Deed("edited after it ran", "done", expected=True, edited=True)
MISSING = Deed("cell deleted", "missing")
NOT_RUN = Deed("not run", "not-run")
KILLED = Deed("worker killed", "failed", _KILL, edited=False, error="Error: the worker process")
# Of the walk alone: more tasks than the class allows one student.
GREEDY = Deed(
    "too many tasks",
    "unsent",
    error='ComputeError: The class "Sheets" allows 20 tasks for each student; ',
    below="\nfound = [walk(seed) for seed in range(100)]\nfound",
)
# Of the area alone: the class file has the function that is called there.
UNACCEPTED = Deed(
    "class file not accepted",
    "failed",
    edited=False,
    error="NameError: name 'rounded' is not defined",
)

_EVERY = (WRONG, EXCEPTION, UNSENT, EDITED, MISSING, NOT_RUN, KILLED)

# Between them the first four do everything once.
_FIRST = (
    (RIGHT, RIGHT, RIGHT),
    (WRONG, EXCEPTION, KILLED),
    (UNSENT, EDITED, GREEDY),
    (UNACCEPTED, NOT_RUN, MISSING),
)


GREEDY_DIGIT, UNACCEPTING_DIGIT = 2, 3


def deeds_of(number: int) -> tuple[Deed, ...]:
    """What the student of a number, from 0, does with each exercise."""
    if number < len(_FIRST):
        return _FIRST[number]
    places = [(number + 5 * at) % 18 for at in range(3)]
    area, squares, walk = (_EVERY[place] if place < len(_EVERY) else RIGHT for place in places)
    return (
        area if accepts(number) else UNACCEPTED,
        squares,
        GREEDY if number % 10 == GREEDY_DIGIT else walk,
    )


def accepts(number: int) -> bool:
    """Whether the student of a number accepts the class file."""
    return number % 10 != UNACCEPTING_DIGIT
