"""Whatever a file system takes as a name, the app and the command line take too."""

import pytest

from tests.attack.names import NAMES, ROLES, Case, failures
from tests.tables import over_rows

pytestmark = pytest.mark.nightly

_TELLING = ("apostrophe", "newline", "long option", "longest", "not UTF-8", "tags")


@over_rows("name", _TELLING)
def test_an_episode_with_audio_of_any_name_is_read_played_edited_and_restored(name: str) -> None:
    assert failures(Case(NAMES[name], "sound"), thorough=False) == []


@over_rows("name", ("apostrophe", "long option", "not UTF-8"))
def test_jobs_and_commands_take_such_names_for_what_they_are(name: str) -> None:
    assert [each for role in ROLES for each in failures(Case(NAMES[name], role), thorough=True)] == []
