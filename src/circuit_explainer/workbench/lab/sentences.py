"""What the lab says in words."""

from __future__ import annotations

from circuit_explainer.training import Recipe
from circuit_explainer.workbench.lab.run import Run
from circuit_explainer.workbench.lab.settings import parameters
from circuit_explainer.workbench.lab.story import Story

NO_MODEL = "The opened file holds the curves of this step, but not its model. Later steps have a pattern."
NO_TABLE = "<p>The table is filled in when the run pauses.</p>"
HIDDEN = "hidden"
LONG = 60.0


def status(run: Run | None, going: bool, why: str) -> str:
    """Return how the run stands: one line that the page may renew four times a second."""
    if run is None:
        return "No run yet. The charts show the shipped run of induction-2l."
    of = f"step {run.step:,} of {run.recipe.steps:,}"
    if run.broken:
        return f"Broken off after step {run.step:,}. {run.broken} The curves stay; Reset makes room for another run."
    if run.over:
        return f"Done: {run.step:,} steps. The training took {run.spent:.1f} s. Reset makes room for another run."
    if going:
        speed = run.speed
        left = f" {speed:.0f} steps a second, {lasting((run.recipe.steps - run.step) / speed)} left." if speed else ""
        return f"Training: {of}.{left}"
    hidden = " because this tab was hidden" if why == HIDDEN else ""
    return f"Paused at {of}{hidden}. Start goes on."


def cost(recipe: Recipe, seconds_a_step: float | None, after_reset: bool = False) -> str:
    """Return what a run will cost, before it is started."""
    size, later = f"{parameters(recipe):,} parameters", " These settings count after Reset." if after_reset else ""
    if seconds_a_step is None:
        return f"{size}, {recipe.steps:,} steps. How long they take here is measured while nothing runs.{later}"
    total = recipe.steps * seconds_a_step
    advice = " Fewer steps, fewer layers or a smaller batch make it shorter." if total > LONG else ""
    return f"{size}. {recipe.steps:,} steps take {lasting(total)} here, by a short trial.{advice}{later}"


def lasting(seconds: float) -> str:
    """Return a length of time as roughly as it is known."""
    if seconds < 1.5:
        return "about 1 s"
    return f"about {seconds:.0f} s" if seconds < 90 else f"about {seconds / 60:.0f} min"


def phase(story: Story) -> str:
    """Return whether the phase change is passed, and what counts as that."""
    if not story.phased:
        return "This task has no phase change of its own: that is defined for repeated symbols."
    if story.passed is None:
        return (
            "The phase change has not come. It counts as passed when a repeated symbol costs less than "
            f"{story.even / 2:.2f} nats, half of an even guess."
        )
    return passed(story)


def passed(story: Story) -> str:
    """Return that the phase change is passed."""
    where = int(story.steps.tolist().index(story.passed))
    return (
        f"The phase change is passed: at step {story.passed:,} a repeated symbol costs {story.asked[where]:.2f} nats, "
        f"less than half of an even guess ({story.even / 2:.2f})."
    )


def loss_title(story: Story) -> str:
    """Return the title of the loss chart."""
    if story.passed is not None:
        return f"Loss of {story.name}: the phase change is passed at step {story.passed:,}"
    return f"Loss of {story.name}: {'no phase change' if story.phased else 'lower is better'}"


def score_title(story: Story) -> str:
    """Return the title of the score chart."""
    return f"Scores of the heads of {story.name}"


def pattern_title(story: Story, at: int, head: str) -> str:
    """Return the title of the pattern."""
    return f"Where {head} of {story.name} looks after step {int(story.steps[at]):,}"
