import type { Kernel } from '@jupyterlab/services';

import { KernelBridge } from './bridge';

/** The bridges of kernels: one each, which remembers what its kernel told. */
export class KernelBridges {
  /** The bridge of a kernel. */
  of(kernel: Kernel.IKernelConnection): KernelBridge {
    let bridge = this._bridges.get(kernel);
    if (!bridge) {
      bridge = new KernelBridge(kernel);
      this._bridges.set(kernel, bridge);
    }
    return bridge;
  }

  private readonly _bridges = new WeakMap<
    Kernel.IKernelConnection,
    KernelBridge
  >();
}
