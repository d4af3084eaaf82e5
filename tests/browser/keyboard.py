"""What someone does who has a keyboard and no mouse."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

_IS_FOCUSED = "elements => elements.includes(document.activeElement)"


def tab_to(page: Page, target: str | Locator, *, back: bool = False, within: int = 60) -> None:
    """Press Tab, at most `within` times, until the focus is on what is named."""
    wanted = page.locator(target) if isinstance(target, str) else target
    wanted.first.wait_for(state="attached")
    for _ in range(within):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate_all(_IS_FOCUSED):
            return
    raise AssertionError(f"{wanted} cannot be reached with the keyboard on {page.url}")


def strike(page: Page, *keys: str) -> None:
    """Type each text, or press the key of that name."""
    for key in keys:
        if key in ("Tab", "Space", "Enter", "ArrowDown"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
