// Turns the textarea of the strategy editor into CodeMirror; the textarea stays the form's field, so that
// htmx checks the text as it is typed, and the page works without this file.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--sheet)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--well)", color: "var(--quiet)", border: "0" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection": {
    backgroundColor: "var(--accent-well)",
  },
  ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--sheet)", borderColor: "var(--edge)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

function diagnosticsOf(view, panel) {
  return [...panel.querySelectorAll("[data-line]")].flatMap((item) => {
    const number = Number(item.dataset.line);
    if (!number || number > view.state.doc.lines) return [];
    const line = view.state.doc.line(number);
    const from = Math.min(line.to, line.from + Math.max(0, Number(item.dataset.column) - 1));
    const end = Number(item.dataset.endColumn);
    const to = end > 0 ? Math.min(line.to, line.from + end - 1) : line.to;
    return [{ from, to: Math.max(from, to), severity: item.dataset.severity, message: item.dataset.message }];
  });
}

function adorn(field) {
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.content ?? "";
  const panel = document.querySelector(field.dataset.panel);
  const view = new EditorView({
    parent: field.parentElement,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-label": field.getAttribute("aria-label") }),
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        lintGutter(),
        yaml(),
        EditorView.lineWrapping,
        syntaxHighlighting(colours),
        look,
        keymap.of([...defaultKeymap, ...historyKeymap]), // Tab moves on: no one is trapped in the editor
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });
  field.hidden = true;
  const start = view.state.doc.toString().search(/^when:/m);
  view.dispatch({ selection: { anchor: Math.max(0, start) }, scrollIntoView: true });
  view.focus();
  const mark = () => view.dispatch(setDiagnostics(view.state, diagnosticsOf(view, panel)));
  panel.addEventListener("htmx:afterSettle", mark);
  document.body.addEventListener("htmx:afterSettle", mark);
  mark();
}

for (const field of document.querySelectorAll("textarea[data-editor]")) adorn(field);
