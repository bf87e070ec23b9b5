"""Tables of a platform or shop: known by their headers, whatever their language, and read as any other table.

A source is a file of headers in headers/, and a module with its `TableFormat`: which roles must be there, what clock
its times are on, and what is peculiar to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engage.readers.columns import Mapping, known_headers, normal
from engage.readers.files import Member
from engage.readers.part import Options
from engage.readers.spreadsheet import Table, headers_of
from engage.readers.text import Grid, read_grid


@dataclass(frozen=True)
class TableFormat:
    """A table that is told by its headers.

    Attributes
    ----------
    source : the file in headers/ that names its columns, in every language known.
    kind : what each row is, as in `Mapping`.
    needs : roles of which every table of this format has a column.
    zone : the zone of its times; empty means that of the study (a shop's own clock).
    dayfirst, decimal : what its dates and numbers leave open; None and empty mean that the column decides.
    rank : its place in the order of trust, the lower the better (see `merge`).
    within : rows from the top among which the headers are sought.
    """

    source: str
    kind: str
    needs: frozenset[str]
    zone: str = ""
    dayfirst: bool | None = None
    decimal: str = ""
    rank: int = 10
    within: int = 5

    def mapping(self, rows: Grid) -> Mapping | None:
        """How these rows are read; None when they are no such table."""
        known = known_headers(self.source)
        for i, row in enumerate(rows[: self.within]):
            headers = headers_of(row)
            found = {role: header for header in reversed(headers) if (role := known.get(normal(header)))}
            if found.keys() >= self.needs:
                return Mapping(self.kind, found, i, self.decimal, self.dayfirst)
        return None

    def tables(self, member: Member) -> Iterator[tuple[str, Grid, Mapping]]:
        """Each sheet of a file that is such a table: its label, its rows, and how they are read."""
        for name, rows in read_grid(member):
            if mapping := self.mapping(rows):
                yield f"{member.label}/{name}" if name else member.label, rows, mapping

    def claims(self, member: Member) -> bool:
        return next(self.tables(member), None) is not None

    def read(self, member: Member, options: Options) -> Iterator[Table]:
        """Read each such table of a file; its `part` holds what came of it."""
        if self.zone:
            options = replace(options, settings=replace(options.settings, time_zone=self.zone))
        for label, rows, mapping in self.tables(member):
            table = Table(label, rows, mapping, options)
            table.part.rank = self.rank
            yield table
