"""Messages, findings and labels to sentences; numbers, dates and money as the language writes them."""

from __future__ import annotations

import datetime as dt
import functools
import io
import locale
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from babel import dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from engage.analysis.results import Finding
from engage.messages import Message, Writer, percent_digits
from engage.study import Missing, Note
from engage.words.labels import LABELS, ROLES
from engage.words.sentences import FINDINGS

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu"}
"""The languages the pages speak, by their own name."""
UNREVIEWED = ("id", "ms")
"""Languages that no native speaker has read yet; the pages say so."""
CATALOGS = Path(__file__).parent / "catalogs"


@functools.cache
def catalog(language: str) -> NullTranslations:
    """Return a language's translations, straight from its .po file: there is nothing to build or to forget."""
    path = CATALOGS / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    try:
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
    except Exception:  # a file that an editor has ruined must not take the pages away
        logging.getLogger(__name__).exception("%s cannot be read; English is spoken in its place", path)
        return NullTranslations()
    compiled.seek(0)
    return Translations(compiled)


def system_language() -> str:
    """The language that this computer is set to, where the pages speak it; else English."""
    asked = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")] + [locale.getlocale()[0]]
    code = next((name for name in asked if name), "").replace("-", "_").partition("_")[0].lower()
    names = {"indonesian": "id", "malay": "ms"}  # as Windows calls them
    code = names.get(code, code)
    return code if code in LANGUAGES else "en"


class Words(Writer):
    """Writes everything a person reads in one language.

    Parameters
    ----------
    language : a key of `LANGUAGES`; any other means English.
    zone : the time zone in which dates are written.

    >>> Words("en").say(Message("{share:percent} of {n} followers", {"share": 0.034, "n": 1200}))
    '3.4% of 1,200 followers'
    """

    def __init__(self, language: str = "en", zone: str = "Asia/Jakarta") -> None:
        self.language = language if language in LANGUAGES else "en"
        self.zone = zone
        self.catalog = catalog(self.language)

    @property
    def decimal(self) -> str:
        """The decimal mark of the language."""
        return str(numbers.get_decimal_symbol(self.language))

    def say(self, what: Any) -> str:
        """Write a message, finding, note, missing, error or plain value."""
        if isinstance(what, Finding):
            return self.write(self.sentence(what))
        if isinstance(what, Note):
            text = self.write(what.message)
            return text if not what.source or text.startswith(what.source) else f"{what.source}: {text}"
        if isinstance(what, Missing):
            return f"{self.write(what.what)} {self.write(what.bring)}"
        return self.write(what)

    def label(self, token: str) -> str:
        """The word for a token of the data: a segment, a column, a denominator; unknown ones stay."""
        known = LABELS.get(token) or ROLES.get(token)
        return self.write(known) if known else token

    def sentence(self, finding: Finding) -> Message:
        """The Message of a finding, with its sample size and interval among the values."""
        low, high = finding.interval or (None, None)
        pattern = FINDINGS[finding.key]
        values = {name: self._value(name, value) for name, value in finding.values.items()}
        return Message(pattern.key, {**values, "n": finding.n, "from": low, "to": high}, plural=pattern.plural)

    def _value(self, name: str, value: Any) -> Any:
        token = f"by_{value}" if name == "denominator" else value
        return LABELS.get(token, value) if name in ("denominator", "deliverable", "platform") else value

    def pattern(self, what: Message) -> str:
        if what.plural:
            return str(self.catalog.ungettext(what.key, what.plural, what.values["n"]))
        return str(self.catalog.ugettext(what.key))

    def number(self, value: float) -> str:
        if isinstance(value, int) or float(value).is_integer():
            return str(numbers.format_decimal(int(value), "#,##0", locale=self.language))
        size = abs(value)
        digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
        return str(numbers.format_decimal(value, "#,##0." + "#" * digits, locale=self.language))

    def percent(self, value: float) -> str:
        digits = percent_digits(value)
        pattern = "#,##0" + ("." + "#" * digits if digits else "") + "%"
        return str(numbers.format_percent(value, pattern, locale=self.language))

    def date(self, value: dt.date) -> str:
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            value = pd.Timestamp(value).tz_convert(self.zone)
        return str(dates.format_date(value, "d MMM y", locale=self.language))

    def moment(self, value: dt.datetime) -> str:
        """A date with its time, in the zone of the study."""
        local = pd.Timestamp(value).tz_convert(self.zone)
        return f"{self.date(local)} {dates.format_skeleton('Hm', local, locale=self.language)}"

    def money(self, amount: float, currency: str) -> str:
        digits = abs(amount) < 100 and currency != "IDR"
        symbol = numbers.get_currency_symbol(currency, locale=self.language)
        pattern = ("¤ " if symbol == currency else "¤") + ("#,##0.00" if digits else "#,##0")
        return str(
            numbers.format_currency(amount, currency, pattern, locale=self.language, currency_digits=False)
        )  # fmt: skip

    def short(self, value: float) -> str:
        """A large number in as few characters as people there use.

        >>> Words("id").short(12_500), Words("id").short(1_200_000)
        ('12,5\xa0rb', '1,2\xa0jt')
        """
        return str(numbers.format_compact_decimal(value, locale=self.language, fraction_digits=1))

    def join(self, parts: Sequence[str]) -> str:
        return str(lists.format_list(list(parts), locale=self.language))
