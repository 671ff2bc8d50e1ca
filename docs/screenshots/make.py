"""Take the pictures of this folder from a running demo: `.venv/bin/python docs/screenshots/make.py ADDRESS`.

Start one first with `python3 run.py`. Every page is taken at a desk in light and on a phone in dark.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

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
        context.close()


def save(picture: bytes, name: str) -> None:
    """As a PNG of 256 colours, which a flat page does not miss."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256).save(HERE / f"{name}.png", optimize=True)


def main() -> None:
    home = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for login, pages in PAGES.items():
            take(browser, home, login, pages)
        browser.close()


if __name__ == "__main__":
    main()
