"""A person's browser, by scripted requests."""

from __future__ import annotations

import re

import httpx

_TIMEOUT_S = 60.0


def get_code(url: str) -> str:
    """Open the page of a sign-in, allow what it asks, and copy the code from the page."""
    with httpx.Client(follow_redirects=True, timeout=_TIMEOUT_S) as browser:
        page = browser.get(url)
        assert "/interaction/" in page.url.path, page.text
        page = browser.post(f"{page.url}/allow")
        # What the page shows; the address has it too, but a person does not read that.
        match = re.search(r'<input readonly value="([^"]+)"', page.text)
        assert match is not None, page.text
        return match[1]
