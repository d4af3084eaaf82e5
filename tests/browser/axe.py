"""Shows a page to axe, which knows the rules of WCAG that a machine can tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What one colour means is worked out once for a page, not for every element that has it.
KEEP_COLOURS = """
    const {prototype} = axe.commons.color.Color, parse = prototype.parseString, kept = new Map();
    prototype.parseString = function (text) {
        if (!kept.has(text)) {
            const {r, g, b, alpha} = parse.call(this, text);
            kept.set(text, {r, g, b, alpha});
        }
        return Object.assign(this, kept.get(text));
    };
"""
PREPARE_AXE = f"{AXE_SCRIPT};{{{KEEP_COLOURS}}} null"
# Every rule runs, on every element; only what passes is not written up, which takes longer.
RUN_AXE = """
    ([within, tags]) => axe.run(within, {
        runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]
    }).then(found => ({passes: found.passes.length, violations: found.violations}))
"""


def violations(page: Page, within: str) -> list[str]:
    """What axe finds on `page` as it is now, in the part that the selector `within` names."""
    page.wait_for_load_state()
    # Evaluated by the browser's own tools, which a content security policy does not bind.
    page.evaluate(PREPARE_AXE)
    answer = page.evaluate(RUN_AXE, [within, AXE_TAGS])
    assert answer["passes"] > 5  # it did run
    return [
        f"{page.url} {violation['id']}: {violation['help']} at {node['target']} {node['html']:.120}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


@contextmanager
def scripts_allowed(page: Page) -> Iterator[None]:
    """Let axe run in a page that was loaded without scripts. The page's own stay unread."""
    wire = page.context.new_cdp_session(page)
    for is_off in (True, False):  # a session passes on only what it takes for a change
        wire.send("Emulation.setScriptExecutionDisabled", {"value": is_off})
    yield
    wire.send("Emulation.setScriptExecutionDisabled", {"value": True})
    wire.detach()
