import type { Extension, Range } from '@codemirror/state';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { Decoration, ViewPlugin } from '@codemirror/view';

import { isComputeCell } from './magic';
import { definitionLines } from './parts';

const MAGIC_LINE = Decoration.line({ class: 'jp-GlobusCompute-magicLine' });
const REMOTE_LINE = Decoration.line({ class: 'jp-GlobusCompute-remoteLine' });

/**
 * An editor extension that marks the magic line of a `%%compute` cell, and
 * with an edge on their left the lines that run on the endpoint.
 */
export function remoteLines(): Extension {
  return ViewPlugin.fromClass(
    class {
      constructor(view: EditorView) {
        this.decorations = mark(view);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged) {
          this.decorations = mark(update.view);
        }
      }

      decorations: DecorationSet;
    },
    { decorations: plugin => plugin.decorations }
  );
}

function mark({ state: { doc } }: EditorView): DecorationSet {
  const source = doc.toString();
  if (!isComputeCell(source)) {
    return Decoration.none;
  }
  const marks: Range<Decoration>[] = [];
  const magic = source.search(/\S/);
  marks.push(MAGIC_LINE.range(doc.lineAt(magic).from));
  const range = definitionLines(source);
  if (range) {
    for (let line = range.first; line <= range.last; line += 1) {
      marks.push(REMOTE_LINE.range(doc.line(line).from));
    }
  }
  return Decoration.set(marks);
}
