"""All that decides a training run, as data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from circuit_explainer.core.config import Config
from circuit_explainer.core.files.fields import mapping
from circuit_explainer.training import checks
from circuit_explainer.training.schedule import Schedule
from circuit_explainer.training.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is trained, on what, and how; the same recipe always gives the same run.

    Source: Adam, Kingma and Ba (2015); weights that decay by themselves, Loshchilov and Hutter (2019); gradients
    clipped by their length, Pascanu et al. (2013).

    Args:
        config: any config.
        seed: of the weights at the start and of all data.
        steps, batch: how many steps, of how many sequences of ``n_ctx`` tokens.
        task: what the sequences are.
        lr, schedule: learning rate, and how it goes over the run.
        beta1, beta2, eps: Adam's.
        weight_decay: per step, every matrix shrinks by this part times the learning rate.
        clip: greatest length of the gradient.
        embed_std: of the embeddings at the start.
        weight_std: of the other matrices at the start, times the square root of how many numbers each output sums.
        biases: train them too. Otherwise they stay zero: induction needs none, and reads more clearly without.
            Weights of a normalization begin at 1 and are trained in any case.
        unpredictable: how much a position counts that the task is not about, where one that it is about counts 1. At
            0 a model of repeated blocks never learns to say that it does not know; at 1 its induction heads learn
            more slowly.

    Raises:
        ValueError: a value is impossible, or the task does not fit the config; the sentence gives it.
    """

    config: Config
    seed: int
    steps: int
    batch: int = 16
    task: Task
    lr: float = 1e-2
    schedule: Schedule = dataclasses.field(default_factory=Schedule)
    beta1: float = 0.9
    beta2: float = 0.98
    eps: float = 1e-8
    weight_decay: float = 0.0
    clip: float = 1.0
    embed_std: float = 1.0
    weight_std: float = 0.8
    biases: bool = False
    unpredictable: float = 1.0

    def __post_init__(self) -> None:
        for name, wanted in (("config", Config), ("task", Task), ("schedule", Schedule)):
            checks.kind(name, getattr(self, name), wanted)
        checks.whole("seed", self.seed)
        checks.whole("steps", self.steps, least=1)
        checks.whole("batch", self.batch, least=1)
        for name in ("lr", "eps", "clip"):
            checks.number(name, getattr(self, name), above=True)
        for name in ("beta1", "beta2"):
            checks.number(name, getattr(self, name), high=1, below=True)
        for name in ("weight_decay", "embed_std", "weight_std", "unpredictable"):
            checks.number(name, getattr(self, name))
        checks.switch("biases", self.biases)
        self.task.check(self.config.n_ctx, self.config.d_vocab)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Recipe:
        """The recipe that ``dataclasses.asdict`` gave these fields of, even by way of JSON.

        Raises:
            ValueError: a field is unknown or missing, or a value is impossible.
        """
        fields = mapping(fields, "A recipe")
        known = {field.name for field in dataclasses.fields(cls)}
        if set(fields) - known or not {"config", "seed", "steps", "task"} <= set(fields):
            raise ValueError(f"A recipe has the fields {', '.join(sorted(known))}; got {', '.join(sorted(fields))}.")
        parts: dict[str, Any] = {
            "config": Config.from_dict(mapping(fields["config"], "The config of a recipe")),
            "task": Task.from_dict(fields["task"]),
            "schedule": Schedule.from_dict(fields.get("schedule", {})),
        }
        return cls(**{**fields, **parts})
