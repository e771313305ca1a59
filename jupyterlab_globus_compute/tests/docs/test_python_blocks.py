"""Every block of Python on every page is run, page by page, and shows what the page says."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest
from traitlets.config import Config

from jupyterlab_globus_compute.extension import GlobusComputeExtension
from jupyterlab_globus_compute.tests.docs.pages import Block, all_blocks, blocks, name_of, pages

if TYPE_CHECKING:
    from jupyterlab_globus_compute.tests.headless.lab import Lab, Ran

RUN = ("python",)


def is_configuration(block: Block) -> bool:
    """Tell whether a block belongs into the configuration of a Jupyter server."""
    return block.code.startswith("c.")


def pages_with_cells() -> list[list[Block]]:
    """Return the cells of each page that has any."""
    found = [[block for block in blocks(page) if block.language in RUN] for page in pages()]
    cells = [[block for block in page if not is_configuration(block)] for page in found]
    return [page for page in cells if page]


@pytest.mark.parametrize("cells", pages_with_cells(), ids=lambda cells: cells[0].page)
def test_cells_do_what_the_page_says(cells: list[Block], lab: Lab) -> None:
    for block in cells:
        if block.mark == "no-run":
            continue
        ran = lab.run(block.code)
        assert (ran.status == "error") == (block.mark == "fails"), f"{block}: {ran.error}"
        if block.shown is not None:
            assert block.shown.strip() in shown(ran), block


def shown(ran: Ran) -> str:
    """What a reader sees of a cell, its card left out."""
    return f"{ran.stdout}{ran.value or ''}\n{ran.error}"


@pytest.mark.parametrize(
    "block", [block for block in all_blocks(*RUN) if is_configuration(block)], ids=str
)
def test_configurations_are_accepted(block: Block) -> None:
    config = Config()
    exec(compile(ast.parse(block.code), str(block), "exec"), {"c": config})  # noqa: S102
    for name, value in config.GlobusComputeExtension.items():
        assert name in GlobusComputeExtension.class_trait_names(config=True), block
        setattr(GlobusComputeExtension(), name, value)


def test_whatever_is_not_run_says_why() -> None:
    unexplained = [block for block in all_blocks("python", "bash", "sh", "ts", "js", "json")
                   if block.mark == "no-run" and not block.reason]  # fmt: skip
    assert unexplained == []


def test_every_block_is_of_a_language_that_is_tried() -> None:
    tried = {"python", "bash", "sh", "ts", "json", "text"}
    others = [block for page in pages() for block in blocks(page) if block.language not in tried]
    assert [f"{block}: ```{block.language}" for block in others] == []


def test_typescript_is_on_pages_that_its_own_test_reads() -> None:
    """`src/sdk/docs.test.ts` checks the types of those, and runs them."""
    read = [name_of(page) for page in pages()
            if page.parent.name == "sdk" or page.name == "guide.md"]  # fmt: skip
    others = [block for block in all_blocks("ts") if block.page not in read]
    assert [str(block) for block in others if block.mark != "no-run"] == []


@pytest.mark.parametrize("block", all_blocks("json"), ids=str)
def test_json_is_json(block: Block) -> None:
    try:
        json.loads(block.code)
    except ValueError:
        json.loads(f"{{{block.code}}}")  # a member of a larger object
