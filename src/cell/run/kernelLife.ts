import type { Kernel } from '@jupyterlab/services';

const RESTARTED = 'The kernel was restarted. The values stay there.';
const ENDED = 'The kernel has ended. The values stay there.';

/**
 * Tell when a kernel can no longer take what a run would give it.
 *
 * @param onEnd - Called with what to say of it, perhaps more than once.
 * @returns stops the watching.
 */
export function watchKernel(
  kernel: Pick<Kernel.IKernelConnection, 'statusChanged' | 'disposed'>,
  onEnd: (note: string) => void
): () => void {
  const onStatus = (_: unknown, status: Kernel.Status): void => {
    if (status === 'restarting' || status === 'autorestarting') {
      onEnd(RESTARTED);
    } else if (status === 'dead') {
      onEnd(ENDED);
    }
  };
  const onDisposed = (): void => onEnd(ENDED);
  kernel.statusChanged.connect(onStatus);
  kernel.disposed.connect(onDisposed);
  return () => {
    kernel.statusChanged.disconnect(onStatus);
    kernel.disposed.disconnect(onDisposed);
  };
}

/** The Python version of a kernel, as `3.11.7`. */
export async function pythonVersion(
  kernel: Pick<Kernel.IKernelConnection, 'info'>
): Promise<string> {
  const { language_info } = await kernel.info;
  return language_info.version;
}
