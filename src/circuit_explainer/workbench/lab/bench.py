"""Static HTML of the lab: the settings with the buttons, and the shelf below the charts; the page's script fills it."""

from __future__ import annotations

from html import escape

from circuit_explainer.exhibits import markup
from circuit_explainer.exhibits.form import field
from circuit_explainer.workbench.lab import sentences
from circuit_explainer.workbench.lab.presets import OWN, PRESETS
from circuit_explainer.workbench.lab.settings import CONTROLS, Settings, parameters, recipe, wires
from circuit_explainer.workbench.lab.story import OPENS_AT, names, shipped

# Beside the preset so many stand in the open: five choices in all.
OPEN = 4
BUTTONS = {"start": "Start", "pause": "Pause", "step": "Step", "reset": "Reset"}
WAYS_BACK = {"undo": "Undo", "redo": "Redo"}


def bench() -> str:
    """Return the settings, the row of buttons, and the slider that moves all charts."""
    each = [_typed(field("lab", name, control)) for name, control in CONTROLS.items()]
    told = next(iter(PRESETS.values())).told
    presets = {name: {"values": wires(preset.settings), "told": preset.told} for name, preset in PRESETS.items()}
    buttons = "".join(
        f'<button type="button" class="bench-button" data-lab="{name}"{_off(name)}>{label}</button>'
        for name, label in BUTTONS.items()
    )
    back = "".join(
        f'<button type="button" data-lab="{name}" aria-disabled="true">{label}</button>'
        for name, label in WAYS_BACK.items()
    )
    return f"""<div class="lab" data-workbench="lab" data-state="empty" data-search-exclude>
<form class="exhibit-controls" data-role="lab-settings" aria-label="Settings of the run">{_preset()}
<p class="lab-told" data-role="lab-told">{escape(told)}</p>{"".join(each[:OPEN])}
<details class="more"><summary>More</summary><div>{"".join(each[OPEN:])}</div></details></form>
<p class="lab-line" data-role="lab-cost">{parameters(recipe(Settings())):,} parameters, {Settings().steps} steps. \
How long they take here is measured once Python is ready.</p>
<div class="lab-buttons" role="group" aria-label="The run">{buttons}</div>
<div class="exhibit-history" role="group" aria-label="The way back">{back}</div>
<p class="lab-line" data-role="lab-status">No run yet. The charts show the shipped run of induction-2l.</p>
<p class="lab-line lab-two" data-role="lab-phase">{escape(sentences.phase(shipped()))}</p>
<p class="lab-line lab-problem" data-role="lab-problem" aria-live="polite"></p>
<p class="spoken" data-role="lab-said" role="status"></p>
{_scrub()}
{markup.data("lab-presets", presets)}</div>
"""


def shelf() -> str:
    """Return what stands below the charts: kept curves, and the run as a file or a model."""
    return """<div class="lab-shelf" data-role="lab-shelf" data-search-exclude>
<form class="lab-keep" data-role="lab-keep"><label for="lab-name">Name of the curve</label>
<span><input type="text" id="lab-name" maxlength="14" value="two layers" autocomplete="off">
<button type="submit" class="bench-button">Keep this curve</button></span></form>
<ul class="lab-kept" data-role="lab-kept" aria-label="Kept curves"></ul>
<div class="lab-buttons" role="group" aria-label="The run as a file">
<button type="button" class="bench-button" data-lab="save">Save the run</button>
<label class="bench-button lab-file">Open a run<input type="file" accept=".safetensors" data-role="lab-open"></label>
<button type="button" class="bench-button" data-lab="publish">Open in the playground</button>
<a data-role="lab-playground" href="../playground/" hidden></a></div>
<p class="lab-line lab-problem" data-role="lab-trouble" aria-live="polite"></p></div>
"""


def _preset() -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name in (*PRESETS, OWN))
    return (
        '<div class="field" data-kind="choice"><label for="lab-preset">Begin with</label>'
        f'<select id="lab-preset" data-role="lab-preset" autocomplete="off">{options}</select></div>'
    )


def _scrub() -> str:
    story = shipped()
    place = story.steps.tolist().index(OPENS_AT)
    heads = "".join(f"<option{' selected' if name == 'L1H1' else ''}>{name}</option>" for name in names(story))
    shows = "".join(
        f'<label><input type="radio" name="lab-shows" value="{value}"{state}> <span>{label}</span></label>'
        for value, label, state in (("shipped", "shipped run", " checked"), ("yours", "your run", " disabled"))
    )
    return f"""<div class="lab-scrub exhibit-controls" role="group" aria-label="What the charts show">
<fieldset class="field"><legend>Charts show</legend><div class="radios">{shows}</div></fieldset>
<div class="field"><label for="lab-place">Training step: <output for="lab-place">{OPENS_AT}</output></label>
<input type="range" id="lab-place" min="0" max="{len(story.steps) - 1}" step="1" value="{place}" \
aria-valuetext="step {OPENS_AT}" autocomplete="off"></div>
<div class="field"><label for="lab-head">Head of the pattern</label>
<select id="lab-head" autocomplete="off">{heads}</select></div></div>"""


def _typed(html: str) -> str:
    """A field that a browser does not fill in by itself, since its value is the page's."""
    return html.replace("<input ", '<input autocomplete="off" ').replace("<select ", '<select autocomplete="off" ')


def _off(name: str) -> str:
    return "" if name in ("start", "step") else ' aria-disabled="true"'
