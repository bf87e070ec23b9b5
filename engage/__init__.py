"""engage: who in an audience is active, who is passive and why, and which influencers are worth it.

>>> import engage
>>> study = engage.sample("kopi-senja")
>>> engage.segment(study).summary  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engage.analysis.activity import activity as activity
    from engage.analysis.influencers import compare as compare
    from engage.analysis.rates import engagement_rates as engagement_rates
    from engage.analysis.segments import SegmentRules as SegmentRules
    from engage.analysis.segments import segment as segment
    from engage.messages import ReadError as ReadError
    from engage.messages import StudyError as StudyError
    from engage.panels import panel as panel
    from engage.pseudonyms import pseudonymise as pseudonymise
    from engage.readers import read as read
    from engage.readers import sample as sample
    from engage.settings import Settings as Settings
    from engage.simulator import simulate as simulate
    from engage.store import inbox as inbox
    from engage.store import open_study as open_study
    from engage.store import save as save
    from engage.store import studies as studies
    from engage.study import Study as Study

_PUBLIC = {
    "ReadError": "messages",
    "SegmentRules": "analysis.segments",
    "Settings": "settings",
    "Study": "study",
    "StudyError": "messages",
    "activity": "analysis.activity",
    "compare": "analysis.influencers",
    "engagement_rates": "analysis.rates",
    "inbox": "store",
    "open_study": "store",
    "panel": "panels",
    "pseudonymise": "pseudonyms",
    "read": "readers",
    "sample": "readers",
    "save": "store",
    "segment": "analysis.segments",
    "simulate": "simulator",
    "studies": "store",
}
__all__ = sorted(_PUBLIC)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Resolve the public names when they are first used, so that `import engage` stays light."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'engage' has no attribute {name!r}")
    value = getattr(import_module(f"engage.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
