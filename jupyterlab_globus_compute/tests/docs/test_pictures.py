"""Pictures of the pages come from the browser tests, and are small."""

from __future__ import annotations

import json
import re
import struct

from jupyterlab_globus_compute.tests.docs.pages import ROOT, pages

IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 200 * 1024
MAX_WIDTH = 1400


def manifest() -> dict[str, str]:
    """Return which picture of the browser tests is which picture of the pages."""
    pictures: dict[str, str] = json.loads((IMAGES / "pictures.json").read_text("utf-8"))
    return pictures


def taken() -> list[re.Pattern[str]]:
    """Return the names of the pictures that browser tests take."""
    source = "".join(path.read_text("utf-8") for path in (ROOT / "ui-tests").rglob("*.ts"))
    names = re.findall(r"takePicture\(\s*\w+,\s*['`]([^'`]+)['`]", source)
    parts = [re.split(r"\$\{[^}]*\}", name) for name in names]
    return [re.compile(r"\w+".join(map(re.escape, split))) for split in parts]


def test_each_picture_is_taken_by_a_browser_test() -> None:
    assert {path.name for path in IMAGES.glob("*.png")} == set(manifest())
    names = taken()
    assert len(names) > 20
    for name, picture in manifest().items():
        assert any(pattern.fullmatch(picture) for pattern in names), f"{name}: {picture}"


def test_each_picture_is_on_a_page() -> None:
    text = "".join(page.read_text("utf-8") for page in pages())
    for path in IMAGES.glob("*.[ps][nv]g"):
        assert f"images/{path.name})" in text, path.name


def test_pictures_are_small() -> None:
    for path in IMAGES.glob("*.png"):
        width, _height = struct.unpack(">II", path.read_bytes()[16:24])
        assert width <= MAX_WIDTH, path.name
        assert path.stat().st_size <= MAX_BYTES, path.name


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    for page in pages():
        for words, link in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text("utf-8")):
            assert len(words.split()) > 5, f"{page.name}: {link}"
