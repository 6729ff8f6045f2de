"""Looking at a page as everybody may meet it: on a phone and on a desk, in both lights."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What axe asks that depends on width or light; all else is asked once.
_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


def blemishes(page: Page) -> list[str]:
    """Return what axe finds on *page*, in both widths and both lights, and whether it is wider than its window."""
    found = []
    page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"]}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{page.url} is wider than {width}")
        for light in ("light", "dark"):
            # Without motion a button has its new colour at once.
            page.emulate_media(color_scheme=light, reduced_motion="reduce")
            for violation in page.evaluate("options => axe.run(options)", options)["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                found.append(f"{page.url} {light} {width}: {violation['id']} {nodes}")
            options |= {"runOnly": _OF_LOOKS}
    return found
