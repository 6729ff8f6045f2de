"""What a page weighs on the wire, as Chromium counts it."""

from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from jmdi import chromium


@dataclass
class Weight:
    """Bytes received, headers included, in so many requests."""

    bytes: int = 0
    requests: int = 0


def measure(port: int, session: str, first: str, second: str) -> tuple[Weight, Weight]:
    """Return the weight of *first* with an empty cache, and of *second* opened after it."""
    address = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.FLAGS)
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        weights = []
        network.on("Network.responseReceived", lambda event: _count(weights[-1], event))
        network.on("Network.loadingFinished", lambda event: _weigh(weights[-1], event))
        for path in (first, second):
            weights.append(Weight())
            page.goto(address + path, wait_until="networkidle")
        browser.close()
    return weights[0], weights[1]


def _count(weight: Weight, event: dict) -> None:
    if not event["response"].get("fromDiskCache"):
        weight.requests += 1


def _weigh(weight: Weight, event: dict) -> None:
    weight.bytes += int(event["encodedDataLength"])
