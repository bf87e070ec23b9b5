"""Lists as CSV that a spreadsheet can open without running what a hostile name holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from engage.messages import Message
from engage.words import Words

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe_text(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    >>> safe_text("=cmd()"), safe_text("@sari"), safe_text("sari")
    ("'=cmd()", "'@sari", 'sari')
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value


def list_csv(frame: pd.DataFrame, columns: dict[str, str], words: Words) -> bytes:
    """Write some columns of a frame as CSV with a byte order mark, so that Excel reads names as they are.

    Parameters
    ----------
    columns : column of `frame` -> header. Messages are written in the language of `words`.
    """
    table = frame[list(columns)].copy()
    for column in table:
        if pd.api.types.is_numeric_dtype(table[column].dtype) and not pd.api.types.is_bool_dtype(table[column].dtype):
            known = table[column].dropna()
            if (known == known.round()).all():  # followers and posts are whole, whatever they were stored as
                table[column] = table[column].astype("Float64").round().astype("Int64")
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype("str").map(words.label)
        elif table[column].dtype == object:
            table[column] = table[column].map(lambda v: words.say(v) if isinstance(v, Message) else v)
        if isinstance(table[column].dtype, pd.DatetimeTZDtype):
            table[column] = table[column].dt.tz_convert(words.zone).dt.strftime("%Y-%m-%d %H:%M")
        if pd.api.types.is_string_dtype(table[column].dtype) or table[column].dtype == object:
            table[column] = table[column].map(safe_text)
    table.columns = pd.Index([safe_text(header) for header in columns.values()])
    comma = words.decimal == ","  # spreadsheets there take a comma for the decimal mark, and part cells by semicolon
    text: str = table.to_csv(index=False, lineterminator="\r\n", sep=";" if comma else ",", decimal=words.decimal)
    return text.encode("utf-8-sig")
