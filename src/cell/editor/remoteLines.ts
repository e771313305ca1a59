import type { Extension, Range } from '@codemirror/state';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { Decoration, ViewPlugin } from '@codemirror/view';

import { isComputeCell } from '../magic/magic';
import { functionNames, remoteRange } from './parts';

const MAGIC_LINE = Decoration.line({ class: 'jp-GlobusCompute-magicLine' });
const REMOTE_LINE = Decoration.line({ class: 'jp-GlobusCompute-remoteLine' });

/**
 * An editor extension that marks the magic line of a `%%compute` cell, and
 * with an edge on their left the lines that run on the endpoint.
 *
 * @param otherCells - The texts of the other cells of the notebook.
 */
export function remoteLines(otherCells: () => readonly string[]): Extension {
  const mark = ({ state: { doc } }: EditorView): DecorationSet => {
    const source = doc.toString();
    if (!isComputeCell(source)) {
      return Decoration.none;
    }
    const marks: Range<Decoration>[] = [];
    const magic = source.search(/\S/);
    marks.push(MAGIC_LINE.range(doc.lineAt(magic).from));
    const range = remoteRange(source, () =>
      otherCells().filter(isComputeCell).flatMap(functionNames)
    );
    if (range) {
      for (let line = range.first; line <= range.last; line += 1) {
        marks.push(REMOTE_LINE.range(doc.line(line).from));
      }
    }
    return Decoration.set(marks);
  };
  return ViewPlugin.fromClass(
    class {
      constructor(view: EditorView) {
        this.decorations = mark(view);
      }

      update(update: ViewUpdate): void {
        // Coming back to the cell, for others may have changed meanwhile.
        if (update.docChanged || update.focusChanged) {
          this.decorations = mark(update.view);
        }
      }

      decorations: DecorationSet;
    },
    { decorations: plugin => plugin.decorations }
  );
}
