"""Where an old sound is in a new one."""

import pytest

from aligner.model import Span
from aligner.retiming.matching import Stretch


def test_a_moment_of_a_stretch_moves_with_it() -> None:
    """A sound played 2 % faster from second 5 on has its middle in the middle."""
    stretch = Stretch(Span(10.0, 112.0), Span(5.0, 105.0))
    assert stretch.rate == pytest.approx(1.02)
    assert stretch.moved(10.0) == 5.0
    assert stretch.moved(61.0) == pytest.approx(55.0)
    assert stretch.moved(112.0) == pytest.approx(105.0)


def test_a_stretch_has_sound_on_either_side() -> None:
    with pytest.raises(ValueError, match="no stretch"):
        Stretch(Span(1.0, 1.0), Span(1.0, 2.0))
