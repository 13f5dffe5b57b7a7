"""Bad input never reaches numpy: one clear sentence by the control, the last good chart and the text stay."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.charts import computed, shown
from tests.browser.pages import go
from tests.waiting import until

# Few enough words, but each mark becomes a symbol too.
MANY_MARKS = ",.;:!?()[]{}* a b c d e f g h i j k l m n o p q r s t u"


@pytest.mark.parametrize(
    ("page_path", "exhibit", "words", "message"),
    [
        ("", "induction_head", "   ", "The text is empty. Type at least one word, or choose an example."),
        ("", "induction_head", "\u200b\u202e", "Type at least one word."),
        ("", "induction_head", "w " * 33, "This text has 33 words; at most 32 fit here. Take away 1."),
        ("", "induction_head", "..... " * 14, "reads at most 63 words; yours has 70"),
        (
            "playground/three-views/",
            "next_word",
            MANY_MARKS,
            "symbols for at most 32 different words; yours has 34",
        ),
    ],
)
def test_a_text_that_cannot_be_used(
    visited: Page, base: str, page_path: str, exhibit: str, words: str, message: str
) -> None:
    go(visited, base, page_path)
    section = visited.locator(f"#{exhibit}")
    if page_path:
        section.get_by_label("by-hand").check()  # the model with the fewest symbols
        expect(section).to_have_attribute("data-state", "live")
    summary = section.locator("[data-role=summary]").inner_text()
    section.get_by_label("Your words").fill(words)
    expect(section.locator("[data-error-for=text]")).to_contain_text(message)
    expect(section).to_have_attribute("data-state", "error")
    expect(section.get_by_label("Your words")).to_have_value(words)
    expect(section.get_by_label("Your words")).to_have_attribute("aria-invalid", "true")
    expect(section.locator("[data-role=summary]")).to_have_text(summary)
    section.get_by_label("Your words").fill("fine again fine")
    expect(section.locator("[data-error-for=text]")).to_be_empty()
    expect(section).to_have_attribute("data-state", "live")
    expect(section.locator("[aria-invalid]")).to_have_count(0)


@pytest.mark.parametrize(
    "words",
    [
        "<b>x</b> <img src=x onerror=alert(1)> <b>x</b>",
        "</script><script>alert(1)</script> &amp; %{x} $y$",
        "कि नमस्ते 👩‍👩‍👧 कि नमस्ते",
        "e\u0301 é e\u0301",
        "\u202eabc\u202c abc",
    ],
)
def test_odd_text_is_shown_as_it_is(visited: Page, base: str, words: str) -> None:
    go(visited, base, "")
    visited.get_by_label("Your words").fill(words)
    theirs = computed("index.md", "induction_head", {"text": words})
    until(visited, "document.querySelector('.js-plotly-plot')._fullData[0].z.length === given", len(theirs))
    expect(visited.locator("section.exhibit")).to_have_attribute("data-state", "live")
    # float32 sums in another order.
    np.testing.assert_allclose(shown(visited, "induction_head"), theirs, atol=1e-5)
    assert visited.locator("section.exhibit img, section.exhibit b, .js-plotly-plot a").count() == 0
    labels = visited.locator(".js-plotly-plot .ytick text").all_text_contents()
    headers = visited.locator("#induction_head tbody th").all_text_contents()
    assert len(labels) == len(headers) == len(theirs)
    for label, header in zip(labels, headers, strict=True):
        assert label == header or label.rstrip("₀₁₂₃₄₅₆₇₈₉").endswith("…")


def test_a_head_that_the_model_does_not_have(visited: Page, base: str) -> None:
    go(visited, base, "playground/three-views/")
    section = visited.locator("#one_head")
    section.get_by_role("group", name="Head").get_by_label("1").check()
    section.get_by_role("group", name="Model").get_by_label("by-hand").check()
    expect(section.locator("[data-error-for=head]")).to_have_text("by-hand has one head in each layer. Choose head 0.")
    section.get_by_role("group", name="Head").get_by_label("0").check()
    expect(section).to_have_attribute("data-state", "live")
