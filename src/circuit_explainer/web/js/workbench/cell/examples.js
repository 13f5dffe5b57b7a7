// The code that the cell starts with, and what the buttons put there. tests/workbench/cell/test_examples.py runs it all.

export const FIRST = `# The playground's model, text, logits and cache are here.
words = model.to_str_tokens(text)
print(len(words), "tokens")

# The value of the last line is shown, and a chart is drawn.
charts.attention(cache["pattern", -1][0, 0], words)`;

export const EXAMPLES = [
  {
    label: 'The induction score by hand',
    code: `# Each repeated token: how much attention goes to what followed
# its earlier copies? The mean over them is the induction score.
ids = tokens[0]
places = range(len(ids))
targets = np.array([[0 < j <= i and ids[j - 1] == ids[i]
                     for j in places] for i in places])
repeated = targets.any(axis=1)

names, scores = [], []
for layer in range(model.cfg.n_layers):
    for head in range(model.cfg.n_heads):
        pattern = cache["pattern", layer][0, head]
        names.append(f"L{layer}H{head}")
        scores.append((pattern * targets).sum(axis=1)[repeated].mean())

charts.bars(np.array(scores), names, quantity="induction score", column="Head")`,
  },
  {
    label: 'Which head looks back one token',
    code: `# The diagonal below the main one: attention to the token before.
scores = {}
for layer in range(model.cfg.n_layers):
    for head in range(model.cfg.n_heads):
        pattern = cache["pattern", layer][0, head]
        scores[layer, head] = np.diagonal(pattern, -1).mean()

layer, head = max(scores, key=scores.get)
print(f"L{layer}H{head} looks back one token most: {scores[layer, head]:.2f}")
charts.attention(cache["pattern", layer][0, head], model.to_str_tokens(text))`,
  },
  {
    label: 'Switch a head off',
    code: `# The loss, in nats, with each head's output set to zero.
def loss(logits):
    return circuits.per_token_loss(logits, tokens).mean()

print(f"all heads on: {loss(logits):.3f}")
for layer in range(model.cfg.n_layers):
    for head in range(model.cfg.n_heads):
        def zero(z, hook):
            z[:, :, head] = 0
            return z

        name = f"blocks.{layer}.attn.hook_z"
        off = model.run_with_hooks(tokens, fwd_hooks=[(name, zero)])
        print(f"L{layer}H{head} off: {loss(off):.3f}")`,
  },
];
