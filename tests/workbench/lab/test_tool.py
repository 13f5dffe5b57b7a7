"""The lab as the page drives it: the same commands, in the same order, through the same door."""

import asyncio

import numpy as np
import pytest

from circuit_explainer.workbench.lab import sentences, tool
from circuit_explainer.workbench.lab.settings import Settings, wires
from tests.workbench.lab.door import VALUES, ask, go, heard, trained, until


def test_start_pause_step_and_start_make_the_run_of_the_recipe_bit_for_bit() -> None:
    async def work() -> None:
        answer = await ask("start", VALUES)
        assert answer["state"] == "running"
        assert answer["shows"] == "yours"
        await until(lambda: bool(tool.lab.run and tool.lab.run.step > 5))
        paused = await ask("pause")
        assert paused["state"] == "paused"
        at = paused["step"]
        assert paused["status"] == f"Paused at step {at} of 60. Start goes on."
        for _ in range(20):
            await asyncio.sleep(0)
        assert (await ask("view"))["step"] == at
        stepped = await ask("step")
        assert stepped["step"] == at + 1
        assert stepped["slider"]["text"] == str(at + 1)
        await ask("start")
        await until(lambda: tool.lab.going is None)

    go(work)
    assert heard[-1]["state"] == "done"
    assert heard[-1]["status"].startswith("Done: 60 steps.")
    assert tool.lab.run
    for name, weight in trained().items():
        np.testing.assert_array_equal(tool.lab.run.trainer.parameters.weights[name], weight)


def test_a_long_run_tells_how_far_it_is_and_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "PICTURE", 0.0)

    async def work() -> None:
        await ask("start", VALUES)
        await until(lambda: tool.lab.going is None)

    go(work)
    told = [message for message in heard if message["state"] == "running"]
    assert told
    assert told[-1]["status"].startswith("Training: step ")
    assert told[-1]["status"].endswith("s left.")
    for panel in told[0]["panels"].values():
        assert panel["chart"]["summary"].startswith("At step ")
        assert panel["chart"]["table"] == sentences.NO_TABLE
        assert set(panel["chart"]) == set(heard[-1]["panels"]["losses"]["chart"])
    assert "<th" in heard[-1]["panels"]["losses"]["chart"]["table"]


def test_before_a_run_the_charts_show_the_shipped_one() -> None:
    async def work() -> None:
        answer = await ask("view")
        assert (answer["state"], answer["shows"], answer["slider"]) == (
            "empty", "shipped", {"max": 39, "value": 13, "text": "200"},
        )  # fmt: skip
        assert answer["heads"] == {"names": ["L0H0", "L0H1", "L1H0", "L1H1"], "value": "L1H1"}
        moved = await ask("show", {"place": 39, "head": "L0H1"})
        for panel in moved["panels"].values():
            assert "At step 12,000" in panel["chart"]["summary"]
        assert "L0H1" in moved["panels"]["pattern"]["title"]

    go(work)


def test_the_slider_stays_at_a_step_while_the_run_goes_on() -> None:
    async def work() -> None:
        for _ in range(4):
            await ask("step", VALUES)
        assert (await ask("show", {"place": 2}))["slider"] == {"max": 4, "value": 2, "text": "2"}
        assert tool.lab.run
        for _ in range(4):
            tool.lab.run.one_step()
        assert (await ask("view"))["slider"] == {"max": 8, "value": 2, "text": "2"}
        # At its right end it goes with the run.
        await ask("show", {"place": 8})
        tool.lab.run.one_step()
        assert (await ask("view"))["slider"]["value"] == 9
        shipped = await ask("show", {"shows": "shipped"})
        assert shipped["slider"]["max"] == 39
        assert (await ask("show", {"shows": "yours"}))["slider"]["max"] == 9
        assert "Expected a place of the slider from 0 to 9" in (await ask("show", {"place": 99}))["error"]

    go(work)


def test_a_bad_setting_is_told_at_its_control_and_starts_nothing() -> None:
    async def work() -> None:
        bad = {"values": {**VALUES["values"], "lr": "fast"}}
        for command in ("plan", "start", "step"):
            answer = await ask(command, bad)
            assert answer["problem"]["control"] == "lr"
            assert answer["problem"]["message"].startswith("Expected a number")
        assert (await ask("view"))["state"] == "empty"

    go(work)


def test_the_cost_is_told_before_the_start() -> None:
    async def work() -> None:
        answer = await ask("plan", {"values": wires(Settings())})
        assert answer["cost"].startswith("10,944 parameters. 500 steps take about ")
        # A slow machine gets advice behind it.
        assert " here, by a short trial." in answer["cost"]
        await ask("step", VALUES)
        assert "by a short trial." in (await ask("plan", VALUES))["cost"]
        assert (await ask("plan", {"values": wires(Settings())}))["cost"].endswith("These settings count after Reset.")

    go(work)


def test_the_phase_change_is_said_once_and_marked() -> None:
    async def work() -> None:
        await ask("step", {"values": wires(Settings(steps=200))})
        assert tool.lab.run
        while not tool.lab.run.over:
            tool.lab.run.one_step()
        answer = await ask("view")
        passed = answer["passed"]
        assert 130 < passed < 200
        assert answer["said"] == answer["phase"]
        assert answer["phase"].startswith(f"The phase change is passed: at step {passed} a repeated symbol costs ")
        assert f"the phase change is passed at step {passed}" in answer["panels"]["losses"]["title"]
        await ask("keep", {"name": "mine"})
        assert (await ask("view"))["said"] == "The curve is kept as “mine”."

    go(work)


def test_a_rate_too_high_is_said_in_words_and_the_curves_stay() -> None:
    async def work() -> None:
        await ask("start", {"values": wires(Settings(lr=0.085))})
        await until(lambda: tool.lab.going is None)
        answer = await ask("view")
        assert answer["state"] == "broken"
        assert answer["status"].startswith("Broken off after step ")
        assert "lower lr=0.085" in answer["status"]
        assert answer["slider"]["max"] >= 3
        # Start does nothing more.
        assert (await ask("start"))["state"] == "broken"

    go(work)


def test_a_hidden_tab_is_named_as_the_reason_of_a_pause() -> None:
    async def work() -> None:
        await ask("start", VALUES)
        answer = await ask("pause", {"why": "hidden"})
        assert "because this tab was hidden. Start goes on." in answer["status"]
        assert "because" not in (await ask("step"))["status"]

    go(work)


def test_what_the_lab_cannot_do_is_said() -> None:
    async def work() -> None:
        assert "There is no run to save yet" in (await ask("save"))["error"]
        assert "The lab has no command 'fly'" in (await ask("fly"))["error"]
        assert "cannot be opened as a run" in (await ask("open", {}, b"nothing"))["error"]

    go(work)
