"""Static HTML of the place where the reader's own model is opened; the page's script fills it."""

from __future__ import annotations

from html import escape

BUTTONS = {
    "load": "Load", "cancel": "Cancel", "score": "Score its heads", "forget": "Let it go",
}  # fmt: skip


def bench(exhibit: str = "", playground: str = "./") -> str:
    """Return the drop zone with its file button, and what tells of the files.

    Args:
        exhibit: the id of the page's exhibit that has a control `model`, in which a loaded model is then chosen.
        playground: where the playground is, for a page without such an exhibit.
    """
    buttons = "".join(
        f'<button type="button" class="bench-button" data-own="{name}" hidden>{label}</button>'
        for name, label in BUTTONS.items()
    )
    return f"""<div class="own" data-workbench="own" data-exhibit="{escape(exhibit)}" data-state="empty" \
data-search-exclude>
<div class="own-drop" data-role="own-drop">
<label for="own-files">Files of the model</label>
<input type="file" id="own-files" multiple aria-describedby="own-private">
<p>Choose a <code>.safetensors</code> file and its <code>config.json</code> together, or drop them here. For text, add \
<code>tokenizer.json</code>, or <code>vocab.json</code> and <code>merges.txt</code>.</p>
<p id="own-private">Nothing leaves this device. Your browser reads the files where they are.</p>
</div>
<p class="own-problem" data-role="own-problem" role="alert"></p>
<ul class="own-facts" data-role="own-facts" aria-label="About these files" hidden></ul>
<div class="own-going" data-role="own-going" hidden>
<progress max="1" value="0" aria-labelledby="own-far"></progress>
<span id="own-far" data-role="own-far"></span>
</div>
<p class="own-told" data-role="own-told" role="status"></p>
<div class="own-buttons" role="group" aria-label="The model">{buttons}\
<a class="bench-button" data-role="own-playground" href="{escape(playground)}" hidden>Open it in the playground</a>
</div>
<details class="exhibit-table" data-role="own-scores" hidden><summary>Scores of every head</summary>
<div tabindex="0" role="region" aria-label="Scores of every head" data-role="own-table"></div></details>
</div>
"""
