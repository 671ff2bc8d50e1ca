"""Take the pictures of this folder from a running demo: `.venv/bin/python docs/screenshots/make.py ADDRESS [EMPTY]`.

Start one first with `python3 run.py`. Every page is taken at a desk in light and on a phone in dark. EMPTY is the
address of an installation nobody has started yet (`python3 run.py --empty`, with a PORT and STATE_DIR of its own).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "recovery-demo"  # noqa: S105 - everybody's, printed by run.py
SIZES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
PAGES = {
    "desk": {
        "home-desk": "/",
        "log": "/incidents/new/",
        "incident-apologize": "/incidents/R-2026-00022/",
        "incident-remedy": "/incidents/R-2026-00009/",
        "incident-call": "/incidents/R-2026-00016/",
        "incident-closed": "/incidents/R-2026-00001/",
        "calls": "/calls/",
        "customers": "/customers/",
        "customer": "/customers/1/",
        "notices": "/notices/",
        "profile": "/profile/",
        "customer-change": "/customers/1/change/",
        "password-change": "/accounts/password/change/",
        "sign-out": "/accounts/logout/",
        "forbidden": "/staff/",
    },
    "priya": {
        "incident-limited": "/incidents/R-2026-00017/",
    },
    "manager": {
        "home-manager": "/",
        "list": "/incidents/",
        "list-closed": "/incidents/?view=closed",
        "change": "/incidents/R-2026-00020/change/",
    },
    "admin": {
        "staff": "/staff/",
        "staff-new": "/staff/new/",
        "staff-change": "/staff/2/",
        "staff-deactivate": "/staff/2/deactivate/",
        "locations": "/locations/",
        "location-new": "/locations/new/",
        "location": "/locations/1/",
        "styleguide": "/styleguide/",
        "not-yet": "/board/",
        "not-found": "/nothing-here/",
    },
}


SEND = """([action, fields]) => {
  const form = Object.assign(document.createElement("form"), {method: "post", action});
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of [["csrfmiddlewaretoken", token], ...fields]) {
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  }
  document.body.append(form);
  form.submit();
}"""
# What a page that is no longer true sends: the page it is on, where to, what.
REFUSED = {
    "refused-not-yours": ("/incidents/R-2026-00010/", "undo/", []),
    "refused-closed": ("/incidents/R-2026-00001/", "close/", [("reason", "recovered")]),
}


def take(browser: Browser, home: str, login: str, pages: dict[str, str]) -> None:
    for size, options in SIZES.items():
        context = browser.new_context(base_url=home, locale="en-GB", **options)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/accounts/login/")
        if login == "desk":
            save(page.screenshot(full_page=True), f"sign-in-{size}")
            page.goto("/accounts/password/reset/")
            save(page.screenshot(full_page=True), f"password-reset-{size}")
            page.goto("/tell/")
            save(page.screenshot(full_page=True), f"tell-{size}")
            page.goto("/accounts/login/")
        page.fill("[name=login]", f"{login}@example.com")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        for name, path in pages.items():
            page.goto(path)
            save(page.screenshot(full_page=True), f"{name}-{size}")
        if login == "desk":
            take_refusals(page, size)
        context.close()


def take_refusals(page: Page, size: str) -> None:
    """What somebody sees who was too late, or may not."""
    for name, (path, act, fields) in REFUSED.items():
        page.goto(path)
        with page.expect_navigation():
            page.evaluate(SEND, [path + act, fields])
        save(page.screenshot(full_page=True), f"{name}-{size}")
    page.goto("/incidents/R-2026-00020/change/")
    page.fill("[name=what_happened]", "The blade came loose after a single cut. He asks for another by Friday.")
    page.evaluate("document.querySelector('[name=version]').value = '0'")
    page.get_by_role("button", name="Save").click()
    page.locator(".error-summary").wait_for()
    save(page.screenshot(full_page=True), f"refused-stale-{size}")


def take_start(browser: Browser, home: str) -> None:
    """The first page of a business of one's own."""
    for size, options in SIZES.items():
        page = browser.new_page(base_url=home, locale="en-GB", **options)  # type: ignore[arg-type]
        page.goto("/start/")
        save(page.screenshot(full_page=True), f"start-{size}")
        page.close()


def save(picture: bytes, name: str) -> None:
    """As a PNG of 256 colours, which a flat page does not miss."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256).save(HERE / f"{name}.png", optimize=True)


def main() -> None:
    home = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for login, pages in PAGES.items():
            take(browser, home, login, pages)
        if len(sys.argv) > 2:
            take_start(browser, sys.argv[2])
        browser.close()


if __name__ == "__main__":
    main()
