"""axe-core finds no problem on any page, on desktop and phone, light and dark, enlarged to 200 %."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.visiting import assert_accessible, new_tab

PAGES = [
    "/",
    "/add",
    "/search?q=velo",
    "/trash",
    "/episodes/roue-libre",
    "/episodes/roue-libre/details",
    "/episodes/roue-libre/publish",
    "/episodes/roue-libre/publish?target=feed",
    "/episodes/roue-libre/report",
    "/episodes/roue-libre/versions",
    "/episodes/roue-libre/sound",
]
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ENLARGED = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}


@pytest.mark.nightly
@pytest.mark.parametrize("screen", [DESK, PHONE, ENLARGED], ids=["desk", "phone", "enlarged"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, server: str, screen: dict[str, Any], scheme: str) -> None:
    with new_tab(browser, locale="en-GB", color_scheme=scheme, **screen) as page:
        for path in PAGES:
            answer = page.goto(server + path)
            assert answer is not None
            assert answer.ok, path
            assert_accessible(page)
