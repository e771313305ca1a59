import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';

/** What a person chose while they worked, not in an editor of settings. */
export interface IChosen<T extends object> {
  /** Take in what was kept. */
  read(kept: unknown): void;
  /** Emitted with all there is to keep. */
  readonly chosen: ISignal<unknown, T>;
}

/**
 * Read what was chosen from a plugin's settings, and keep there what is
 * chosen from now on.
 *
 * @param plugin - Id of the plugin whose settings they are.
 * @throws Error when the settings cannot be read.
 */
export async function keepInSettings<T extends object>(
  registry: ISettingRegistry,
  plugin: string,
  choices: IChosen<T>
): Promise<void> {
  const settings = await registry.load(plugin);
  const read = (): void => {
    choices.read(settings.composite);
  };
  settings.changed.connect(read);
  read();
  choices.chosen.connect((_, chosen) => {
    void settings.save(JSON.stringify(chosen, null, 2));
  });
}
