"""A browser, as the other tests have it, for the blogs that are built here."""

from tests.browser.conftest import browser, reading, tabs  # noqa: F401
