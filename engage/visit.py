"""What a page was asked for: the study and language in its address, in Voila; nothing in JupyterLab."""

from __future__ import annotations

import functools
import os
from importlib import import_module
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
    """Wait for the visitor once: Voila sends the request once, a second wait would never end.

    What the page will need anyway is loaded first: `ENGAGE_WARM` names modules, and functions as `module:function`.
    """
    for name in filter(None, os.environ.get("ENGAGE_WARM", "").split(",")):
        module, _, function = name.partition(":")
        loaded = import_module(module)
        if function:
            getattr(loaded, function)()
    from voila.utils import wait_for_request

    for _ in range(20):  # a busy server may not answer in the 5 seconds that Voila allows
        wait_for_request()
        if "QUERY_STRING" in os.environ:
            return
