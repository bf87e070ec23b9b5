"""What the user chose for a study: read by every page, kept beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo

from engage.messages import StudyError, message


@dataclass(frozen=True)
class Settings:
    """What the user chose for a study; every page reads it, `engage.store` keeps it as settings.json.

    `follower_list` says what the list of followers is: the "whole" list, a "random" sample, or unknown.
    """

    title: str = ""
    purpose: str = ""
    owner: str = ""
    time_zone: str = "Asia/Jakarta"
    currency: str = "IDR"
    follower_list: str = ""
    language: str = ""
    pseudonymous: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)
    exchange_rates: Mapping[str, float] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _is_zone(self.time_zone):
            raise StudyError(message("{zone} is not a time zone. Write for example Asia/Jakarta.", zone=self.time_zone))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Settings:
        """Read saved settings; a field that is unknown or of the wrong type is left at its default."""
        default = cls()
        known = {f.name: type(getattr(default, f.name)) for f in fields(cls)}
        if not _is_zone(values.get("time_zone")):
            values = {name: value for name, value in values.items() if name != "time_zone"}
        return cls(**{k: v for k, v in values.items() if k in known and isinstance(v, known[k])})


def _is_zone(name: Any) -> bool:
    try:
        return isinstance(name, str) and bool(ZoneInfo(name).key)
    except (ValueError, OSError, KeyError):
        return False
