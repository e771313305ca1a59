/**
 * What JupyterLab's modules expect of a browser when they are loaded and jsdom
 * does not have. Tests that need behaviour here bring their own.
 */

class InertObserver {
  observe(): void {
    // Nothing is ever laid out in jsdom, so there is nothing to report.
  }

  unobserve(): void {
    // See observe().
  }

  disconnect(): void {
    // See observe().
  }

  takeRecords(): unknown[] {
    return [];
  }
}

function inertMatchMedia(media: string): object {
  return {
    matches: false,
    media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined
  };
}

const shims: Record<string, unknown> = {
  DragEvent: class DragEvent extends Event {},
  IntersectionObserver: InertObserver,
  ResizeObserver: InertObserver,
  matchMedia: inertMatchMedia
};

for (const [name, shim] of Object.entries(shims)) {
  if (Reflect.get(globalThis, name) === undefined) {
    Object.defineProperty(globalThis, name, {
      value: shim,
      configurable: true,
      writable: true
    });
  }
}
