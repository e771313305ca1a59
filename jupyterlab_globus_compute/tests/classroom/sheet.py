"""The exercise sheet of the simulated class, as it is handed out and as it may be solved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from jupyterlab_globus_compute.gateway.class_file import CLASS_FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

LOAD = "%load_ext jupyterlab_globus_compute"
TODO = "    # YOUR CODE HERE\n    raise NotImplementedError()"


# What a student submits is 7 tasks at most, unless they ask for too much.
CLASS = {
    "version": 1,
    "id": "5b1f1d0a-3f0e-4b57-9a0e-6a8f0f4b7c21",
    "title": "Sheets",
    "contact": "Room 4",
    "service": "local",
    "functions": [
        {
            "name": "rounded",
            "id": "c2b3f1de-7a43-4b0f-8a35-1f6f3f6c9d10",
            "description": "a number as it is written on the sheets",
            "source": "def rounded(value):\n"
            "    return round(value, 3) if isinstance(value, float) else value\n",
        }
    ],
    "limits": {"tasks": 20, "payloadBytes": 100_000, "walltimeSeconds": 60},
}


class Exercise(NamedTuple):
    """An exercise: what stands above and below the solution, and what the students should get."""

    id: str
    title: str
    heading: str
    above: str
    solution: str
    below: str
    value: str

    def source(self, solution: str = TODO, below: str | None = None) -> str:
        """The text of the cell with a solution in its place, and what may stand below it."""
        return f"{self.above}\n{solution}\n{self.below if below is None else below}"


EXERCISES = (
    Exercise(
        "ex-area", "1. area", "The area of a circle",
        "%%compute\nimport math\n\ndef area(r):", "    return math.pi * r * r",
        "\nfound = area(2)\nfound = rounded(found)\nfound", "12.566",
    ),
    Exercise(
        "ex-squares", "2. sum of squares", "A sum",
        "%%compute --name 'sum of squares'\ndef squares(n):",
        "    return sum(x * x for x in range(n))", "\nfound = squares(10)\nfound", "285",
    ),
    Exercise(
        "ex-walk", "3. walk", "Random walks",
        "%%compute\nimport random\n\ndef walk(seed):",
        "    steps = random.Random(seed)\n"
        "    return sum(1 if steps.random() < 0.5 else -1 for _ in range(100))",
        "\nfound = [walk(seed) for seed in range(4)]\nfound", "[-26, -6, -18, -14]",
    ),
)  # fmt: skip


def sheet(*sources: str) -> Any:
    """The sheet with these texts in its exercises; as it is handed out without any."""
    texts = sources or tuple(exercise.source() for exercise in EXERCISES)
    cells = [new_markdown_cell("# Sheet 1", id="title"), new_code_cell(LOAD, id="load")]
    for exercise, text in zip(EXERCISES, texts, strict=True):
        cells.append(new_markdown_cell(f"## {exercise.heading}", id=f"about-{exercise.id}"))
        cells.append(new_code_cell(text, id=exercise.id))
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.validate(notebook)
    return notebook


def hand_out_class(folder: Path) -> None:
    """Put the class file beside the sheet: it has the function that the first exercise calls."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CLASS_FILE_NAME).write_text(json.dumps(CLASS, indent=2), "utf-8")


def nbgrader_source() -> Any:
    """The sheet as an instructor writes it for nbgrader: solutions, and a test below each."""
    notebook = sheet(*(exercise.source(_marked(exercise.solution)) for exercise in EXERCISES))
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        wanted = [exercise.value for exercise in EXERCISES if exercise.id == cell.id]
        if wanted:
            cell.metadata["nbgrader"] = _grading(cell.id, solution=True)
            test = new_code_cell(f"assert found == {wanted[0]}", id=f"test-{cell.id}")
            test.metadata["nbgrader"] = {**_grading(test.id, grade=True), "points": 1}
            cells.append(test)
    notebook.cells = cells
    return notebook


def _marked(solution: str) -> str:
    return f"    ### BEGIN SOLUTION\n{solution}\n    ### END SOLUTION"


def _grading(grade_id: str, *, solution: bool = False, grade: bool = False) -> dict[str, Any]:
    """Metadata of a cell, as nbgrader's contributor guide describes it."""
    return {
        "schema_version": 3,
        "grade_id": grade_id,
        "solution": solution,
        "grade": grade,
        "locked": grade,
        "task": False,
    }


def solutions() -> list[str]:
    """The texts of the exercises, solved."""
    return [exercise.source(exercise.solution) for exercise in EXERCISES]
