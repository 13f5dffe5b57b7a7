"""What outlives a run of the lab: files, curves, models for the playground, and the way back."""

import numpy as np

from circuit_explainer.workbench.lab import sentences, tool
from circuit_explainer.workbench.lab.history import MOST
from circuit_explainer.workbench.lab.settings import wires
from circuit_explainer.workbench.playground import models
from tests.workbench.lab.door import SHORT, VALUES, ask, go, theta, trained, until


def test_saved_reset_opened_and_gone_on_is_the_same_run() -> None:
    files: list[bytes] = []

    async def work() -> None:
        await ask("start", VALUES)
        await until(lambda: bool(tool.lab.run and tool.lab.run.step > 5))
        await ask("pause")
        saved = await ask("save")
        assert saved["name"] == f"run-step-{tool.lab.run and tool.lab.run.step}.safetensors"
        files.append(saved["file"])
        assert (await ask("reset"))["state"] == "empty"
        opened = await ask("open", {}, files[0])
        assert opened["state"] == "paused"
        assert opened["settings"] == wires(SHORT)
        # The curves are there again from step 0 on, but not the models of then.
        assert opened["slider"]["max"] > 0
        early = await ask("show", {"place": 0})
        assert early["panels"]["pattern"]["chart"] is None
        assert early["panels"]["pattern"]["missing"] == sentences.NO_MODEL
        assert (await ask("publish"))["error"] == sentences.NO_MODEL
        await ask("start")
        await until(lambda: tool.lab.going is None)

    go(work)
    assert tool.lab.run
    for name, weight in trained().items():
        np.testing.assert_array_equal(tool.lab.run.trainer.parameters.weights[name], weight)


def test_four_curves_are_kept_under_names_of_their_own() -> None:
    async def work() -> None:
        assert "no curve of yours" in (await ask("keep", {"name": "one"}))["error"]
        await ask("step", VALUES)
        assert (await ask("keep", {"name": " one  two "}))["kept"] == ["one two"]
        assert "is there already" in (await ask("keep", {"name": "one two"}))["error"]
        assert "is there already" in (await ask("keep", {"name": "this run"}))["error"]
        assert "1 to 14 characters. Got 0" in (await ask("keep", {"name": " "}))["error"]
        assert "1 to 14 characters. Got 0" in (await ask("keep", {"name": "\u200b\u202e\x00"}))["error"]
        assert "1 to 14 characters. Got 15" in (await ask("keep", {"name": "a" * 15}))["error"]
        for name in ("\u202ea", "b", "c"):
            await ask("keep", {"name": name})
        assert "Remove one first" in (await ask("keep", {"name": "d"}))["error"]
        assert (await ask("drop", {"name": "a"}))["kept"] == ["one two", "b", "c"]
        # They outlive the run, and are drawn beside the next one.
        assert (await ask("reset"))["kept"] == ["one two", "b", "c"]
        losses = (await ask("step", VALUES))["panels"]["losses"]["chart"]
        assert [trace["name"] for trace in losses["figure"]["data"]] == ["this run", "one two", "b", "c"]

    go(work)


def test_the_model_of_the_shown_step_goes_to_the_playground() -> None:
    async def work() -> None:
        for _ in range(3):
            await ask("step", VALUES)
        await ask("show", {"place": 1})
        assert await ask("publish") == {"name": "lab-step-1", "step": 1}
        first = models.get("lab-step-1")
        await ask("show", {"place": 3})
        assert (await ask("publish"))["name"] == "lab-step-3"
        assert "lab-step-3" in models.names()
        np.testing.assert_array_equal(models.get("lab-step-3").W_E, tool.lab.run and tool.lab.run.trainer.model().W_E)
        assert not np.array_equal(first.W_E, models.get("lab-step-3").W_E)

    go(work)


def test_reset_open_keep_and_remove_can_be_undone_and_done_again() -> None:
    async def work() -> None:
        assert (await ask("undo")) == {"error": "There is nothing to undo."}
        await ask("step", VALUES)
        before = theta().copy()
        answer = await ask("keep", {"name": "one"})
        assert (answer["kept"], answer["undo"], answer["redo"]) == (["one"], True, False)
        saved = (await ask("save"))["file"]
        answer = await ask("reset")
        assert (answer["state"], answer["said"][:29]) == ("empty", "The run is gone; Undo brings ")
        answer = await ask("undo")
        assert (answer["state"], answer["step"], answer["kept"], answer["redo"]) == ("paused", 1, ["one"], True)
        np.testing.assert_array_equal(theta(), before)
        assert (await ask("redo"))["state"] == "empty"
        await ask("undo")
        await ask("drop", {"name": "one"})
        assert (await ask("undo"))["kept"] == ["one"]
        await ask("step")
        assert (await ask("open", data=saved))["step"] == 1
        assert (await ask("undo"))["step"] == 2
        # A run that goes on is stopped first, and goes on when it is wanted.
        await ask("start")
        await until(lambda: bool(tool.lab.run and tool.lab.run.step > 3))
        assert (await ask("reset"))["state"] == "empty"
        assert (await ask("undo"))["state"] == "paused"
        await ask("start")
        await until(lambda: bool(tool.lab.run and tool.lab.run.over))
        for name, weight in trained().items():
            np.testing.assert_array_equal(tool.lab.run and tool.lab.run.trainer.parameters.weights[name], weight)

    go(work)


def test_the_way_back_has_an_end() -> None:
    async def work() -> None:
        await ask("step", VALUES)
        for _ in range(MOST + 3):
            await ask("keep", {"name": "one"})
            await ask("drop", {"name": "one"})
        assert len(tool.lab.history.past) == MOST

    go(work)
