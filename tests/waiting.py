"""Waiting for a state that no locator tells. Playwright's own way evaluates text, which our policy forbids."""

import json
from typing import Any

from playwright.sync_api import Page

POLL = """([given, limit]) => new Promise((resolve, reject) => {
    const holds = EXPRESSION;
    const end = performance.now() + limit;
    const look = async () => {
        const found = await Promise.resolve().then(() => holds(given)).catch((error) => {
            reject(error);
            return true;
        });
        if (found) resolve(found);
        else if (performance.now() > end) reject(new Error('waited in vain for ' + WORDS));
        else setTimeout(look, 10);
    };
    look();
})"""


def until(page: Page, expression: str, given: object = None, within_s: float = 20) -> Any:
    """Wait until an expression over `given`, or the promise that it gives, is true in the page; return what it gave."""
    poll = POLL.replace("EXPRESSION", f"(given) => ({expression})").replace("WORDS", json.dumps(expression))
    return page.evaluate(poll, [given, 1000 * within_s])
