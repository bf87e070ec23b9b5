"""What a page was asked for: the study and language in its address, in Voila; nothing in JupyterLab."""

from __future__ import annotations

import functools
import os
from urllib.parse import parse_qs


def visit() -> dict[str, str]:
    """Return the query of the page's address, without any token; empty outside Voila.

    A preheated kernel waits here until its page is asked for (it inherits nothing of an earlier visitor:
    `VOILA_REQUEST_URL`, which does, is never read).
    """
    if os.environ.get("VOILA_PREHEAT") == "True":
        _wait()
    query = parse_qs(os.environ.get("QUERY_STRING", ""), keep_blank_values=True)
    return {name: values[-1] for name, values in query.items() if name in ("study", "lang")}


@functools.cache
def _wait() -> None:
    """Wait for the visitor once: Voila sends the request once, a second wait would never end."""
    from voila.utils import wait_for_request

    wait_for_request()
