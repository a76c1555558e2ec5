"""What lies beside a sound is called as it is, and fits into a folder however long that name is."""

import os
from pathlib import PurePath

from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.outputs import output_name
from tests.tables import over_rows


@over_rows("name", ["episode.mp3", "L’été.mp3", "a.b.mp3", "a" * 240 + ".mp3", "é" * 120 + ".mp3"])
def test_outputs_are_called_as_the_sound_is(name: str) -> None:
    assert output_name(PurePath(name)) == PurePath(name).stem


@over_rows("stem", ["a" * 241, "a" * 251, "é" * 125, "🎙" * 62, "\udcff" * 250])
def test_a_name_that_is_too_long_for_them_is_cut_and_still_one_of_its_own(stem: str) -> None:
    name = output_name(PurePath(f"{stem}.mp3"))
    assert len(os.fsencode(f"{name}{JSON_SUFFIX}.bak99")) <= 255
    assert name.startswith(stem[:50])
    assert name != output_name(PurePath(f"{stem[:-1]}b.mp3"))
