"""Take the pictures of this folder from a running demo: `.venv/bin/python docs/screenshots/make.py ADDRESS [EMPTY]`.

Start one first with `python3 run.py`. Every page is taken at a desk in light and on a phone in dark. EMPTY is the
address of an installation nobody has started yet (`python3 run.py --empty`, with a PORT and STATE_DIR of its own).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "recovery-demo"  # noqa: S105 - everybody's, printed by run.py
SIZES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
# Whose incident, of what, how the list is narrowed: a reference depends on the day the demo was made.
INCIDENTS = {
    "apologize": ("Nadia Soler", "Room or facility", "all"),
    "remedy": ("Marta Lindqvist", "Agreement misunderstood", "all"),
    "call": ("Elliot Varga", "Reservation not honoured", "all"),
    "closed": ("Theo Marchetti", "Price or billing", "closed"),
    "handed": ("Nadia Soler", "Room or facility", "all"),
    "worse": ("Imogen Pell", "Treated as in the wrong", "all"),
    "asked": ("Lena Krause", "Room or facility", "all"),
    "refused": ("Farid Haddad", "Call not returned", "all"),
    "replaced": ("Inês Carvalho", "Call not returned", "all"),
    "silent": ("Owen Pryce", "Broken or defective", "all"),
    "alone": ("Ben Achterberg", "Price or billing", "all"),
    "reopened": ("Theo Marchetti", "Waiting", "all"),
    "limited": ("Celeste Moreau", "Safety, injury or privacy", "all"),
    "change": ("Imogen Pell", "Broken or defective", "all"),
    "others": ("Inês Carvalho", "Call not returned", "all"),
}
PAGES = {
    "desk": {
        "home-desk": "/",
        "log": "/incidents/new/",
        "incident-apologize": "{apologize}",
        "incident-remedy": "{remedy}",
        "incident-call": "{call}",
        "incident-closed": "{closed}",
        "incident-worse": "{worse}",
        "incident-asked": "{asked}",
        "incident-refused": "{refused}",
        "incident-replaced": "{replaced}",
        "incident-alone": "{alone}",
        "incident-reopened": "{reopened}",
        "calls": "/calls/",
        "calls-unanswered": "/calls/unanswered/",
        "approvals-mine": "/approvals/",
        "customers": "/customers/",
        "customer": "/customers/1/",
        "notices": "/notices/",
        "profile": "/profile/",
        "customer-change": "/customers/1/change/",
        "password-change": "/accounts/password/change/",
        "sign-out": "/accounts/logout/",
        "forbidden": "/staff/",
    },
    "wen": {
        "incident-handed": "{handed}",
    },
    "priya": {
        "incident-limited": "{limited}",
    },
    "manager": {
        "home-manager": "/",
        "board": "/board/?view=all",
        "board-table": "/board/?view=all&as=table",
        "learn": "/learn/",
        "meetings": "/meetings/",
        "minutes": "/meetings/1/minutes/",
        "changes": "/changes/",
        "procedures": "/procedures/",
        "practice": "/practice/",
        "numbers": "/numbers/",
        "list": "/incidents/",
        "list-closed": "/incidents/?view=closed",
        "change": "{change}change/",
        "approvals": "/approvals/",
        "approvals-review": "/approvals/?view=review",
        "incident-silent": "{silent}",
        "reminders": "/reminders/",
        "reminders-sent": "/reminders/?what=mails&state=sent",
    },
    "admin": {
        "staff": "/staff/",
        "staff-new": "/staff/new/",
        "staff-change": "/staff/2/",
        "staff-deactivate": "/staff/2/deactivate/",
        "locations": "/locations/",
        "location-new": "/locations/new/",
        "location": "/locations/1/",
        "catalogue": "/catalogue/",
        "categories": "/catalogue/categories/",
        "category": "/catalogue/categories/1/",
        "remedies": "/catalogue/remedies/",
        "remedy": "/catalogue/remedies/6/",
        "limits": "/catalogue/limits/",
        "limits-here": "/catalogue/limits/?at=1",
        "playbooks": "/catalogue/playbooks/",
        "playbook": "/catalogue/playbooks/4/",
        "delays": "/catalogue/delays/",
        "hours": "/catalogue/hours/",
        "hours-week": "/catalogue/hours/2/",
        "hours-days": "/catalogue/hours/2/days/",
        "targets": "/catalogue/targets/",
        "targets-change": "/catalogue/targets/3/?at=2",
        "jobs-none": "/jobs/",
        "job-new": "/jobs/demo/",
        "styleguide": "/styleguide/",
        "not-yet": "/meetings/",
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
    "refused-not-yours": ("{others}", "undo/", []),
    "refused-closed": ("{closed}", "close/", [("reason", "recovered")]),
}


def sign_in(page: Page, login: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", f"{login}@example.com")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


def find(browser: Browser, home: str) -> dict[str, str]:
    """The address of each of the INCIDENTS, from the administrator's list."""
    page = browser.new_page(base_url=home, locale="en-GB")
    sign_in(page, "admin")
    found = {}
    for name, (customer, category, view) in INCIDENTS.items():
        page.goto(f"/incidents/?{urlencode({'view': view, 'q': customer})}")
        card = page.locator(".rcard").filter(has_text=customer).filter(has_text=category)
        found[name] = card.locator("a.rcard-name").first.get_attribute("href") or ""
    page.close()
    return found


def take(browser: Browser, home: str, login: str, pages: dict[str, str], found: dict[str, str]) -> None:
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
        sign_in(page, login)
        for name, path in pages.items():
            page.goto(path.format(**found))
            save(page.screenshot(full_page=True), f"{name}-{size}")
        if login == "desk":
            take_refusals(page, size, found)
        if login == "admin":
            take_held(page, size)
        context.close()


def take_held(page: Page, size: str) -> None:
    """Mail on hold, and what its release asks; afterwards mail goes on."""
    send(page, "/reminders/", "hold/", [])
    save(page.screenshot(full_page=True), f"reminders-held-{size}")
    page.goto("/reminders/release/")
    save(page.screenshot(full_page=True), f"reminders-release-{size}")
    send(page, "/reminders/", "release/", [("waiting", "send")])


def take_job(browser: Browser, home: str) -> None:
    """The last, since it makes more incidents: a piece of long work on its way."""
    context = browser.new_context(base_url=home, locale="en-GB")
    page = context.new_page()
    sign_in(page, "admin")
    page.goto("/jobs/demo/")
    page.fill("[name=number]", "60000")
    page.get_by_role("button", name="Make them").click()
    page.locator("progress[value]:not([value='0'])").wait_for(timeout=60_000)
    signed_in = context.storage_state()
    for size, options in SIZES.items():
        other = browser.new_context(base_url=home, locale="en-GB", storage_state=signed_in, **options)  # type: ignore[arg-type]
        view = other.new_page()
        for name, path in {"job": page.url, "jobs": "/jobs/"}.items():
            view.goto(path)
            save(view.screenshot(full_page=True), f"{name}-{size}")
        other.close()
    send(page, page.url, "cancel/", [])
    context.close()


def send(page: Page, path: str, act: str, fields: list[tuple[str, str]]) -> None:
    page.goto(path)
    with page.expect_navigation():
        page.evaluate(SEND, [path + act, fields])


def take_refusals(page: Page, size: str, found: dict[str, str]) -> None:
    """What somebody sees who was too late, or may not."""
    for name, (path, act, fields) in REFUSED.items():
        send(page, path.format(**found), act, fields)
        save(page.screenshot(full_page=True), f"{name}-{size}")
    page.goto(f"{found['change']}change/")
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
        found = find(browser, home)
        for login, pages in PAGES.items():
            take(browser, home, login, pages, found)
        take_job(browser, home)
        if len(sys.argv) > 2:
            take_start(browser, sys.argv[2])
        browser.close()


if __name__ == "__main__":
    main()
