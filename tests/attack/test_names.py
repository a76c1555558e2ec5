"""Whatever a file system takes as a name, the app and the command line take too."""

import pytest

from tests.attack.names import NAMES, ROLES, Case, attack_case
from tests.attack.tally import Tally

_TELLING = ("apostrophe", "newline", "long option", "longest of all", "not UTF-8", "tags")


def failures(name: str, role: str, thorough: bool) -> list[str]:
    tally = Tally()
    attack_case(Case(NAMES[name], role), thorough, tally)
    assert sum(tally.counts.values()) > 1
    return tally.failures


@pytest.mark.parametrize("name", _TELLING)
def test_a_sound_of_any_name_is_read_played_taken_away_and_changed(name: str) -> None:
    assert failures(name, "sound", thorough=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES[1:])
@pytest.mark.parametrize("name", _TELLING)
def test_so_is_an_episode_of_which_anything_has_such_a_name(name: str, role: str) -> None:
    if len(f"{NAMES[name]}.mp3") <= 255:
        assert failures(name, role, thorough=False) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", _TELLING[::2])
def test_jobs_and_commands_take_such_names_for_what_they_are(name: str) -> None:
    assert failures(name, "sound", thorough=True) == []
