"""Make a screenshot small enough for the documentation: `shrink_picture.py FROM TO`."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

COLOURS = 192
MAX_WIDTH = 1400


def main(source: str, target: str) -> None:
    """Write the picture with fewer colours, and print its size."""
    picture = Image.open(source).convert("RGB")
    if picture.width > MAX_WIDTH:
        height = round(picture.height * MAX_WIDTH / picture.width)
        picture = picture.resize((MAX_WIDTH, height), Image.Resampling.LANCZOS)
    fewer = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    fewer.save(target, optimize=True)
    print(f"{picture.width} x {picture.height}, {Path(target).stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
