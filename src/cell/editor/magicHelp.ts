import type { EditorState, Extension } from '@codemirror/state';
import type {
  DecorationSet,
  EditorView,
  Tooltip,
  ViewUpdate
} from '@codemirror/view';
import { Decoration, hoverTooltip, ViewPlugin } from '@codemirror/view';

import {
  isComputeCell,
  MagicError,
  magicLine,
  magicStart,
  parseMagic,
  toWords
} from '../magic/magic';
import { OPTIONS, usage } from '../magic/options';

/** Something to say about some characters of a magic line. */
export interface IMagicNote {
  /** Offsets within the cell's text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is wrong with the magic line of a `%%compute` cell, if anything. */
export function mistakeIn(source: string): IMagicNote | null {
  if (!isComputeCell(source)) {
    return null;
  }
  try {
    parseMagic(source);
    return null;
  } catch (reason) {
    if (!(reason instanceof MagicError)) {
      throw reason;
    }
    const base = magicStart(source);
    return {
      start: base + reason.start,
      end: base + reason.end,
      text: reason.message
    };
  }
}

/** What the option at a place of a `%%compute` cell's magic line does. */
export function helpAt(source: string, offset: number): IMagicNote | null {
  if (!isComputeCell(source)) {
    return null;
  }
  const base = magicStart(source);
  try {
    const word = toWords(magicLine(source)).find(
      ({ start, end }) => base + start <= offset && offset <= base + end
    );
    const option = OPTIONS.find(
      ({ name, short }) =>
        word?.text.split('=')[0] === `--${name}` ||
        (short !== undefined && word?.text === `-${short}`)
    );
    return word && option
      ? {
          start: base + word.start,
          end: base + word.end,
          text: `${usage(option)}\n${option.help}`
        }
      : null;
  } catch (reason) {
    if (reason instanceof MagicError) {
      return null;
    }
    throw reason;
  }
}

/**
 * An editor extension that underlines a mistake in the magic line, and says
 * on hovering what is wrong or what an option does.
 */
export function magicHelp(): Extension {
  return [
    ViewPlugin.fromClass(
      class {
        constructor(view: EditorView) {
          this.decorations = underline(view.state);
        }

        update({ docChanged, state }: ViewUpdate): void {
          if (docChanged) {
            this.decorations = underline(state);
          }
        }

        decorations: DecorationSet;
      },
      { decorations: plugin => plugin.decorations }
    ),
    hoverTooltip((view, offset) => tooltip(view.state, offset))
  ];
}

const MISTAKE = Decoration.mark({ class: 'jp-GlobusCompute-mistake' });

function underline({ doc }: EditorState): DecorationSet {
  const mistake = mistakeIn(doc.toString());
  return mistake && mistake.end > mistake.start
    ? Decoration.set(MISTAKE.range(mistake.start, mistake.end))
    : Decoration.none;
}

function tooltip({ doc }: EditorState, offset: number): Tooltip | null {
  const source = doc.toString();
  const mistake = mistakeIn(source);
  const note =
    mistake && mistake.start <= offset && offset <= mistake.end
      ? mistake
      : helpAt(source, offset);
  return (
    note && {
      pos: note.start,
      end: note.end,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'jp-GlobusCompute-magicHelp';
        dom.textContent = note.text;
        return { dom };
      }
    }
  );
}
