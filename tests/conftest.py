"""What pytest loads first. Fixtures live by kind: the cast of people, programs of our own, the browser."""

pytest_plugins = ["tests.cast", "tests.programs", "tests.browser.plumbing", "tests.world"]
