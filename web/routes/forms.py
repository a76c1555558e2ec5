"""Forms as our pages send them: JSON whose values are text."""

from __future__ import annotations

from web.context import asked
from web.errors import WebError
from web.library import EpisodeForm

_MOST_VALUES = 1000


def form() -> EpisodeForm:
    """The fields, speakers' names and upload of the current request.

    Raises
    ------
    WebError
        It is no such form.
    """
    data = asked()
    token = data.get("token", "")
    if not isinstance(token, str):
        raise WebError("error.400")
    return EpisodeForm(_texts(data.get("fields", {})), _texts(data.get("names", {})), token)


def _texts(values: object) -> dict[str, str]:
    if not isinstance(values, dict) or len(values) > _MOST_VALUES:
        raise WebError("error.400")
    if not all(isinstance(value, str) for value in values.values()):
        raise WebError("error.400")
    return dict(values)
