"""What every test needs: a cache and a configuration of its own, time to be slow, and children that run this checkout
and can be interrupted."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.places import ROOT

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("quotecast", deadline=None)
settings.load_profile("quotecast")


@pytest.fixture(autouse=True, scope="session")
def _surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("QUOTECAST_CACHE", "QUOTECAST_CONFIG"):
            patch.setenv(name, str(tmp_path_factory.mktemp("own")))
        patch.setenv("PYTHONPATH", str(ROOT))
        # A shell that runs the tests in the background has interruptions ignored, by them and by all that they start.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
