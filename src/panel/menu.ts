import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

/** An entry of a menu. */
export interface IMenuEntry {
  readonly id: string;
  readonly label: string;
}

/**
 * Show a menu until something in it was chosen, or it was closed.
 *
 * @param entries - What can be chosen.
 * @param x - Place in the window, in CSS pixels.
 * @param y - Place in the window, in CSS pixels.
 * @param onChoose - Is given the chosen entry's id.
 */
export function openMenu<T extends IMenuEntry>(
  entries: readonly T[],
  x: number,
  y: number,
  onChoose: (id: T['id']) => void
): Menu {
  const commands = new CommandRegistry();
  const menu = new MenuSvg({ commands });
  for (const { id, label } of entries) {
    commands.addCommand(id, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        onChoose(id);
      }
    });
    menu.addItem({ command: id });
  }
  menu.aboutToClose.connect(() => {
    // The command of the chosen entry runs after the menu has closed.
    requestAnimationFrame(() => {
      menu.dispose();
    });
  });
  menu.open(x, y);
  return menu;
}
