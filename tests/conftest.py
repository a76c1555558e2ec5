"""What every test needs: a cache of its own, so that no earlier run lends it a result; no failure for being slow."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("quotecast", deadline=None)
settings.load_profile("quotecast")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("QUOTECAST_CACHE")
    os.environ["QUOTECAST_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["QUOTECAST_CACHE"]
    else:
        os.environ["QUOTECAST_CACHE"] = before
