"""Circuits of new random models against TransformerLens, wherever it has the same quantity, in float64."""

import secrets
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from transformer_lens import ActivationCache, HookedTransformer, HookedTransformerConfig, patching
from transformer_lens.head_detector import (
    compute_head_attention_similarity_score,
    get_duplicate_token_head_detection_pattern,
    get_induction_head_detection_pattern,
)

from circuit_explainer.circuits import (
    activation_patching,
    composition_scores,
    copying_eigenvalues,
    duplicate_targets,
    eigenvalue_score,
    full_ov,
    full_qk,
    head_scores,
    induction_targets,
    logit_attribution,
    logit_difference,
    logit_lens,
    path_patching,
    per_token_loss,
    repeated_tokens,
    zero_heads,
)
from circuit_explainer.core import Config, FactoredMatrix, Transformer, weight_shapes
from circuit_explainer.core.folding import fold_layer_norm

# Sizes differ pairwise inside each case, so that no swapped axis can pass.
SIZES: dict[str, Any] = {"n_layers": 3, "d_model": 11, "n_ctx": 13, "d_head": 8, "n_heads": 4, "d_vocab": 17}
MLP = {"attn_only": False, "d_mlp": 19}
ATTN = {"attn_only": True}
CASES: dict[str, dict[str, Any]] = {
    "plain": {**ATTN, "normalization_type": None},
    "LNPre": {**ATTN, "normalization_type": "LNPre"},
    "shortformer": {**ATTN, "normalization_type": None, "positional_embedding_type": "shortformer"},
    "gpt2": {**MLP, "act_fn": "gelu_new", "normalization_type": "LN"},
    "rotary": {**MLP, "act_fn": "relu", "normalization_type": "RMSPre", "positional_embedding_type": "rotary"},
    "llama": {
        **MLP, "act_fn": "silu", "gated_mlp": True, "normalization_type": "RMS", "positional_embedding_type": "rotary",
        "n_heads": 6, "n_key_value_heads": 2,
    },
}  # fmt: skip
BATCH, POS = 5, 7


@dataclass
class Pair:
    """The same weights here and there, and two texts."""

    ours: Transformer
    theirs: Any
    clean: Any
    corrupted: Any
    seed: int

    def metrics(self) -> tuple[Callable[[Any], float], Callable[[Any], Any]]:
        tokens = np.random.default_rng(self.seed).integers(0, 17, (2, BATCH))
        right, wrong = (torch.from_numpy(row) for row in tokens)
        rows = torch.arange(BATCH)
        return logit_difference(*tokens), lambda logits: (logits[rows, -1, right] - logits[rows, -1, wrong]).mean()


@pytest.fixture(autouse=True)
def in_float64() -> Iterator[None]:
    """TransformerLens makes its rotary tables and masks in torch's default precision."""
    before, threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    # So small a model is slower on several.
    torch.set_num_threads(1)
    with torch.no_grad():
        yield
    torch.set_default_dtype(before)
    torch.set_num_threads(threads)


@pytest.fixture(params=CASES)
def pair(request: pytest.FixtureRequest, in_float64: None) -> Pair:
    seed = secrets.randbits(32)
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    fields = {**SIZES, **CASES[request.param]}
    cfg = Config.from_dict(fields)
    weights = {name: rng.standard_normal(shape) / 3 + name.endswith(".w") for name, shape in weight_shapes(cfg).items()}
    clean, corrupted = rng.integers(0, 17, (2, BATCH, POS))
    return Pair(Transformer(cfg, weights), their_model(fields, weights), clean, corrupted, seed)


def their_model(fields: dict[str, Any], weights: Mapping[str, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = HookedTransformer(HookedTransformerConfig(**fields, device="cpu", dtype=torch.float64))
    parameters = dict(theirs.named_parameters())
    assert set(parameters) == set(weights)
    for name, parameter in parameters.items():
        parameter.copy_(torch.from_numpy(np.array(weights[name])))
    return theirs


def close(ours: Any, theirs: Any) -> None:
    expected = np.asarray(theirs)
    # float64 through three layers; single entries may be near zero by cancellation.
    np.testing.assert_allclose(ours, expected, rtol=1e-8, atol=1e-10 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize("kind", ["Q", "K", "V"])
def test_composition_scores(pair: Pair, kind: str) -> None:
    # TransformerLens has zeros where the first head is not earlier.
    ours = np.nan_to_num(composition_scores(pair.ours, kind, samples=2).scores)
    close(ours, pair.theirs.all_composition_scores(kind))


def test_full_circuits_and_their_eigenvalues(pair: Pair) -> None:
    ours, theirs = pair.ours, pair.theirs
    by_token, by_stream = copying_eigenvalues(ours), copying_eigenvalues(ours, of="residual")
    for layer, head in np.ndindex(3, ours.cfg.n_heads):
        full = theirs.W_E @ theirs.OV[layer, head] @ theirs.W_U
        close(full_qk(ours, layer, head).AB, (theirs.W_E @ theirs.QK[layer, head] @ theirs.W_E.T).AB)
        close(full_ov(ours, layer, head).AB, full.AB)
        for score, circuit in ((by_token, full), (by_stream, theirs.OV[layer, head])):
            values = circuit.eigenvalues
            close(score[layer, head], values.real.sum() / values.abs().sum())
        a, b = full.A.numpy(), full.B.numpy()
        close(eigenvalue_score(FactoredMatrix(a, b)), by_token[layer, head])


def test_losses_of_tokens(pair: Pair) -> None:
    ids = torch.from_numpy(pair.clean)
    close(per_token_loss(pair.ours(pair.clean), pair.clean), pair.theirs(ids, return_type="loss", loss_per_token=True))


def test_stripes_and_detect_head(pair: Pair) -> None:
    given = repeated_tokens(17, 13, batch=1, seed=pair.seed)
    ids = torch.from_numpy(given.tokens)
    _, cache = pair.theirs.run_with_cache(ids)
    for row in head_scores(pair.ours, given):
        pattern = cache["pattern", row.layer][0, row.head]
        stripe = pattern.diagonal(dim1=-2, dim2=-1, offset=1 - given.block).mean()
        assert row.stripe == pytest.approx(float(stripe), rel=1e-9)
        # detect_head itself reads texts only; this is the sum that it makes.
        for targets, theirs in (
            (induction_targets(given.tokens[0]), get_induction_head_detection_pattern(ids)),
            (duplicate_targets(given.tokens[0]), get_duplicate_token_head_detection_pattern(ids)),
        ):
            np.testing.assert_array_equal(targets, theirs.numpy())
            score = compute_head_attention_similarity_score(
                pattern, theirs, exclude_bos=False, exclude_current_token=False, error_measure="mul"
            )
            ours = (pattern.numpy() * targets).sum() / pattern.numpy().sum()
            assert ours == pytest.approx(score, rel=1e-9)


def test_logit_attribution(pair: Pair) -> None:
    logits, cache = pair.ours.run_with_cache(pair.clean)
    model, cfg = pair.theirs, pair.ours.cfg
    if cfg.normalization_type in ("LN", "RMS"):
        # logit_attrs leaves out the weights of the final norm, so they are folded into W_U; with our own folding
        # (live_checkpoints compares it), since TransformerLens's rounds to float32 on its way.
        cfg, weights = fold_layer_norm(cfg, pair.ours.weights)
        model = their_model(cfg.to_dict(), weights)
        assert model.cfg.normalization_type == f"{pair.ours.cfg.normalization_type}Pre"
    their_logits, theirs = model.run_with_cache(torch.from_numpy(pair.clean))
    close(logits, their_logits)
    tokens, others = np.random.default_rng(pair.seed).integers(0, 17, (2, BATCH))
    stack = theirs.stack_head_results(pos_slice=3)
    ids = torch.from_numpy(tokens), torch.from_numpy(others)
    expected = theirs.logit_attrs(stack, tokens=ids[0], incorrect_tokens=ids[1], pos_slice=3)
    parts = logit_attribution(pair.ours, cache, tokens, 3, against=others)
    heads = [n for n, label in enumerate(parts.labels) if "H" in label]
    close(parts.values[:, heads].T, expected)
    if not pair.ours.cfg.attn_only:
        stack = theirs.decompose_resid(mode="mlp", pos_slice=3, incl_embeds=False)
        expected = theirs.logit_attrs(stack, tokens=ids[0], incorrect_tokens=ids[1], pos_slice=3)
        mlps = [n for n, label in enumerate(parts.labels) if "MLP" in label]
        close(parts.values[:, mlps].T, expected)


def test_logit_lens(pair: Pair) -> None:
    _, cache = pair.ours.run_with_cache(pair.clean)
    _, theirs = pair.theirs.run_with_cache(torch.from_numpy(pair.clean))
    stages = theirs.accumulated_resid(incl_mid=not pair.ours.cfg.attn_only, apply_ln=True)
    close(logit_lens(pair.ours, cache).logits, pair.theirs.unembed(stages))


def test_ablation(pair: Pair) -> None:
    def silence(z: Any, hook: Any) -> Any:
        z[:, :, [1, 3]] = 0
        return z

    ours = pair.ours.run_with_hooks(pair.clean, zero_heads(pair.ours.cfg, [(1, 3), (1, 1)]))
    theirs = pair.theirs.run_with_hooks(torch.from_numpy(pair.clean), fwd_hooks=[("blocks.1.attn.hook_z", silence)])
    close(ours, theirs)


PATCHES = {
    patching.get_act_patch_resid_pre: ("resid_pre", ("layer", "position")),
    patching.get_act_patch_resid_mid: ("resid_mid", ("layer", "position")),
    patching.get_act_patch_attn_out: ("attn_out", ("layer", "position")),
    patching.get_act_patch_mlp_out: ("mlp_out", ("layer", "position")),
    patching.get_act_patch_attn_head_out_by_pos: ("z", ("layer", "position", "head")),
    patching.get_act_patch_attn_head_q_all_pos: ("q", ("layer", "head")),
    patching.get_act_patch_attn_head_k_by_pos: ("k", ("layer", "position", "head")),
    patching.get_act_patch_attn_head_v_all_pos: ("v", ("layer", "head")),
    patching.get_act_patch_attn_head_pattern_all_pos: ("pattern", ("layer", "head")),
    patching.get_act_patch_attn_head_pattern_by_pos: ("pattern", ("layer", "head", "query")),
}


def patched() -> Iterator[Any]:
    """Every case with every patch of something that it has."""
    for case, fields in CASES.items():
        for patch, (site, by) in PATCHES.items():
            if not (fields["attn_only"] and site in ("resid_mid", "mlp_out")):
                yield pytest.param(case, patch, id=f"{case} {site} {len(by)}")


@pytest.mark.parametrize(("pair", "patch"), list(patched()), indirect=["pair"])
def test_activation_patching(pair: Pair, patch: Any) -> None:
    site, by = PATCHES[patch]
    ours, theirs = pair.metrics()
    _, cache = pair.theirs.run_with_cache(torch.from_numpy(pair.clean))
    expected = patch(pair.theirs, torch.from_numpy(pair.corrupted), cache, theirs)
    close(activation_patching(pair.ours, pair.clean, pair.corrupted, ours, site, by).values, expected)


def test_path_patching(pair: Pair) -> None:
    """TransformerLens has no path patching; these are two runs of it with hooks, as Wang et al. describe them."""
    ours, theirs = pair.metrics()
    cfg, model = pair.ours.cfg, pair.theirs
    found = path_patching(pair.ours, pair.clean, pair.corrupted, ours, (2, 1))
    damaged = torch.from_numpy(pair.corrupted)
    caches: list[ActivationCache] = [
        model.run_with_cache(tokens)[1] for tokens in (torch.from_numpy(pair.clean), damaged)
    ]
    model.set_use_split_qkv_input(True)
    group = 1 // (cfg.n_heads // (cfg.n_key_value_heads or cfg.n_heads))
    for number, through in enumerate("qkv"):
        place = 1 if through == "q" else group
        for layer, head in ((0, 2), (1, 3)):
            change = (caches[0]["z", layer] - caches[1]["z", layer])[:, :, head] @ model.W_O[layer, head]
            z: list[Any] = []

            def add(x: Any, hook: Any, change: Any = change, place: int = place) -> Any:
                x = x.clone()
                x[:, :, place] += change
                return x

            def keep(x: Any, hook: Any, z: list[Any] = z) -> None:
                z.append(x[:, :, 1].clone())

            def put(x: Any, hook: Any, z: list[Any] = z) -> Any:
                x[:, :, 1] = z[0]
                return x

            model.run_with_hooks(
                damaged, fwd_hooks=[(f"blocks.2.hook_{through}_input", add), ("blocks.2.attn.hook_z", keep)]
            )
            logits = model.run_with_hooks(damaged, fwd_hooks=[("blocks.2.attn.hook_z", put)])
            close(found.values[number, layer, head], theirs(logits))
