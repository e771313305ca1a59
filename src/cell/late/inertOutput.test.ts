import { Sanitizer } from '@jupyterlab/apputils';
import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';
import { describe, expect, it } from 'vitest';

import { inertOutput } from './inertOutput';

const PNG = 'iVBORw0KGgo=';

function shown(data: IMimeBundle): IOutput {
  return { output_type: 'display_data', data, metadata: {} };
}

describe('inertOutput', () => {
  it('takes scripts out of markup, and leaves the table', () => {
    const html = [
      '<table onclick="steal()"><tr><td>1</td></tr></table>',
      '<script>steal()</script><img src="x" onerror="steal()">'
    ];
    const output = inertOutput(
      shown({ 'text/html': html, 'text/plain': '1' }),
      new Sanitizer()
    );
    const { data } = output as { data: Record<string, string> };
    expect(data['text/html']).toContain('<td>1</td>');
    expect(data['text/html']).not.toContain('steal');
    expect(data['text/plain']).toBe('1');
  });

  it('leaves out what may hold a script', () => {
    const output = shown({
      'application/javascript': 'steal()',
      'application/vnd.jupyter.widget-view+json': { model_id: 'x' },
      'image/svg+xml': '<svg onload="steal()"/>',
      'text/markdown': '<img src=x onerror=steal()>',
      'image/png': PNG,
      'text/plain': '<Figure>'
    });
    expect(inertOutput(output, new Sanitizer())).toEqual(
      shown({ 'image/png': PNG, 'text/plain': '<Figure>' })
    );
  });

  it('leaves streams as they are', () => {
    const stream: IOutput = {
      output_type: 'stream',
      name: 'stdout',
      text: '<script>'
    };
    expect(inertOutput(stream, new Sanitizer())).toBe(stream);
  });
});
