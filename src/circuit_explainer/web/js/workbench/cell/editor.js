// The editor: PyScript's CodeMirror in the page's own look, or a plain box where it cannot be had.
// Tab is not captured: it moves on, as everywhere on the page.
import files from '../../files.js';
import { start } from '../../python/life.js';
import { load } from '../../where.js';

// Makes an editor in `place`. `changed()` is called after each change, `run()` for Ctrl+Enter; `attributes` are those
// of the element that is typed in. Resolves to what reads and writes the code.
export async function makeEditor(place, options) {
  const parts = await codeMirror().catch(() => null);
  return parts ? rich(place, parts, options) : plain(place, options);
}

// PyScript's core hands out its editor; it has to be started first, since it reads its configuration as it loads.
async function codeMirror() {
  start();
  const { codemirror } = await load(files.core);
  const [state, view, commands, language, python] = await Promise.all(['state', 'view', 'commands', 'language', 'python'].map((part) => codemirror[part]));
  return { ...state, ...view, ...commands, ...language, ...python };
}

function rich(place, parts, { code, attributes, changed, run }) {
  const { EditorState, EditorView, keymap } = parts;
  const { marked, mark } = marking(parts);
  const runs = () => {
    run();
    return true;
  };
  const extensions = [
    keymap.of([{ key: 'Mod-Enter', run: runs }, { key: 'Ctrl-Enter', run: runs }, ...parts.defaultKeymap, ...parts.historyKeymap]),
    parts.lineNumbers(),
    parts.history(),
    parts.indentUnit.of('    '),
    parts.indentOnInput(),
    parts.bracketMatching(),
    parts.python(),
    parts.syntaxHighlighting(colours(parts)),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of(attributes),
    EditorView.updateListener.of(({ docChanged }) => docChanged && changed()),
    marked,
  ];
  const view = new EditorView({ parent: place, state: EditorState.create({ doc: code, extensions }) });
  return {
    code: () => view.state.doc.toString(),
    // A step of its own for the keyboard's undo.
    replace: (other) => view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: other },
      selection: { anchor: 0 },
      annotations: parts.isolateHistory.of('full'),
    }),
    // Marks a line as the one where the code stopped, or none; a change of the code takes the mark away.
    mark: (line) => view.dispatch({ effects: mark.of(line) }),
    goTo(line) {
      const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: at.from }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

function marking({ Decoration, EditorView, StateEffect, StateField }) {
  const mark = StateEffect.define();
  const marked = StateField.define({
    create: () => Decoration.none,
    update(before, { docChanged, effects, state }) {
      const asked = effects.find((effect) => effect.is(mark));
      if (!asked) return docChanged ? Decoration.none : before;
      if (!asked.value || asked.value > state.doc.lines) return Decoration.none;
      return Decoration.set([Decoration.line({ class: 'cell-stopped' }).range(state.doc.line(asked.value).from)]);
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  return { marked, mark };
}

// What is coloured, by the names that CodeMirror gives to kinds of code; the colours stand in css/workbench/cell.css.
const KINDS = { keyword: 'keyword', string: 'string', 'special(string)': 'string', literal: 'number', bool: 'number', atom: 'number', comment: 'comment', 'definition(variableName)': 'name' };

// The kinds themselves are not handed out, but those of CodeMirror's own style can be had from it.
function colours({ HighlightStyle, defaultHighlightStyle }) {
  const tags = defaultHighlightStyle.specs.flatMap(({ tag }) => tag);
  return HighlightStyle.define(tags.filter((tag) => KINDS[tag]).map((tag) => ({ tag, class: `code-${KINDS[tag]}` })));
}

function plain(place, { code, attributes, changed, run }) {
  const box = document.createElement('textarea');
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  Object.assign(box, { value: code, spellcheck: false, autocapitalize: 'off', rows: 12 });
  box.addEventListener('input', changed);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  });
  place.append(box);
  return {
    code: () => box.value,
    replace(other) {
      box.value = other;
      changed();
    },
    mark() {},
    goTo(line) {
      const before = box.value.split('\n').slice(0, line - 1).join('\n').length;
      box.focus();
      box.setSelectionRange(before + (line > 1), before + (line > 1));
    },
    close: () => box.remove(),
  };
}
