"""`npm run release:check` on a clone of what is committed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from .distributions import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BUNDLE = "jupyterlab_globus_compute/labextension"


class Clone:
    """A clone whose commits are the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        (folder / ".git/info/exclude").write_text(".venv\n")
        (folder / ".venv").symlink_to(ROOT / ".venv")
        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        today = datetime.now(timezone.utc).date().isoformat()
        changelog = folder / "CHANGELOG.md"
        text = changelog.read_text("utf-8")
        if f"## {version} - " not in text:
            changelog.write_text(text.replace("## Unreleased", f"## {version} - {today}"), "utf-8")
            self.git("commit", "--quiet", "--all", "--message", "Release")

    def git(self, *arguments: str) -> None:
        """Run git in it."""
        who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True)

    def check(self) -> subprocess.CompletedProcess[str]:
        """Run the release check."""
        env = {name: value for name, value in os.environ.items() if name != "GLOBUS_COMPUTE_DIST"}
        return subprocess.run(
            ["node", "scripts/release-check.mjs"],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.mark.long
def test_what_is_committed_can_be_released_and_a_stale_front_end_cannot(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "clone")
    # The one of these sources, if `npm run setup` has run since they changed.
    shutil.copytree(ROOT / BUNDLE, clone.folder / BUNDLE)
    done = clone.check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert {file.suffix for file in (clone.folder / "dist").iterdir()} == {".gz", ".whl"}
    stale = clone.folder / BUNDLE / "static" / "style.js"
    stale.write_text(f"{stale.read_text('utf-8')}// of last year\n", "utf-8")
    refused = clone.check()
    assert refused.returncode == 1
    assert "static/style.js differs" in refused.stderr


def test_a_tree_with_changes_is_refused_before_anything_is_built(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "clone")
    (clone.folder / "README.md").write_text("Changed\n")
    refused = clone.check()
    assert refused.returncode == 1
    assert "not committed (README.md)" in refused.stderr
    assert "done" not in refused.stdout
