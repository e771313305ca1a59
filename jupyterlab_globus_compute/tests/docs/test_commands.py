"""Commands on the pages exist, and take the options that the pages give them."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from functools import cache

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip("tomli", reason="Python 3.10 has no tomllib")

from jupyterlab_globus_compute.tests.docs.pages import ROOT, Block, all_blocks, pages

SHELL = ("bash", "sh")
PACKAGE = "jupyterlab-globus-compute"
NPMS_OWN = ("ci", "version")
NOT_INSTALLED = ("notebook",)
"""Subcommands of packages that are tried elsewhere: Notebook 7 with the wheel, in package_tests."""

INLINE = re.compile(r"`((?:(?:npm|npx|pip|jupyter|python -m|python -c) |\.venv/bin/)[^`]*)`")


def commands() -> list[tuple[str, str]]:
    """Return the lines of all shell blocks, with where they stand."""
    return [
        (str(block), line.strip())
        for block in all_blocks(*SHELL)
        if block.mark != "no-run"
        for line in block.code.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def inline_commands() -> list[tuple[str, str]]:
    """Return the commands that stand in the text."""
    return [
        (page.name, match)
        for page in pages()
        if page.name != "CHANGELOG.md"
        for match in INLINE.findall(page.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("where", "line"), [*commands(), *inline_commands()])
def test_commands_exist(where: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    redirect = words.index(">") if ">" in words else len(words)
    program, *arguments = words[:redirect]
    name = program if program.startswith(".venv/bin/") else program.rpartition("/")[2]
    check = check_tool if name == program and "/" in program else CHECKS.get(name)
    assert check is not None, f"{where}: nobody checks {program}; mark the block no-run (reason)"
    check([program] if check is check_tool else arguments)


def check_npm(arguments: list[str]) -> None:
    """The script of package.json, or an install of our own package."""
    scripts = json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]
    command, *rest = arguments
    if command == "install":
        assert rest in ([], [PACKAGE])
    elif command not in NPMS_OWN:
        name = rest[0] if command == "run" else command
        assert name in scripts
        own = rest[rest.index("--") + 1 :] if "--" in rest else []
        script = (ROOT / scripts[name].split()[-1]).read_text("utf-8") if own else ""
        for option in own:
            if option.startswith("--"):
                assert f"'{option[2:]}'" in script or option in script or name == "bench", option


def check_npx(arguments: list[str]) -> None:
    """A command of a package that is installed here."""
    assert (ROOT / "node_modules" / ".bin" / arguments[0]).exists()


def check_pip(arguments: list[str]) -> None:
    """Our own package, with extras that it has, or JupyterLab."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = {PACKAGE, "jupyterlab", "notebook", "distributed", "ipyparallel"}
    for word in arguments[1:]:
        if not word.startswith(("-", ".", "dist", "wheels")):
            name, _, extra = word.partition("[")
            assert name in known, word
            for one in filter(None, extra.rstrip("]").split(",")):
                assert one in project["optional-dependencies"], word


def check_python(arguments: list[str]) -> None:
    """A module, and the options that its help tells of."""
    if arguments[0] == "-c":
        compile(arguments[1], "-c", "exec")
        return
    assert arguments[0] == "-m"
    known = helped(sys.executable, "-m", arguments[1])
    for option in arguments[2:]:
        if option.startswith("--"):
            assert option.partition("=")[0] in known, option


def check_jupyter(arguments: list[str]) -> None:
    """A subcommand, and the options that its help tells of."""
    named = [word for word in arguments if not word.startswith("-")]
    if named and named[0] not in NOT_INSTALLED:
        helped(sys.executable, "-m", "jupyter", named[0])
    for option in arguments:
        if option.startswith("--") and not named:
            assert option in helped(sys.executable, "-m", "jupyter"), option


def check_tool(arguments: list[str]) -> None:
    """A command of the virtual environment."""
    assert (ROOT / arguments[0]).exists()


def check_export(arguments: list[str]) -> None:
    """A variable with a value."""
    assert re.fullmatch(r"[A-Z_]+=.+", arguments[0])


@cache
def helped(*command: str) -> str:
    """Return what a command says when it is asked for help."""
    done = subprocess.run(
        [*command, "--help"], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


CHECKS = {
    "npm": check_npm,
    "npx": check_npx,
    "pip": check_pip,
    "python": check_python,
    "jupyter": check_jupyter,
    "export": check_export,
}


def test_no_block_holds_a_prompt() -> None:
    """What is copied has to run as it stands."""
    prompted: list[Block] = [
        block for block in all_blocks(*SHELL) if re.search(r"^\s*[$>] ", block.code, re.MULTILINE)
    ]
    assert prompted == []
