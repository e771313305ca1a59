// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { completeMagic } from './completions';

const VALUES = {
  endpoint: [
    { text: 'This computer', help: 'online' },
    { text: 'my-cluster', help: 'offline' }
  ],
  function: [{ text: 'area=10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f', help: '' }]
};

/** Completes where the bar stands in the text. */
const complete = (
  text: string
): { replaced: string; texts: string[] } | null => {
  const offset = text.indexOf('|');
  const source = text.replace('|', '');
  const found = completeMagic(source, offset, VALUES);
  return (
    found && {
      replaced: source.slice(found.start, found.end),
      texts: found.items.map(item => item.text)
    }
  );
};

describe('completeMagic', () => {
  it.each([
    ['%%compute --no-|', '--no-', ['--no-wait', '--no-capture']],
    ['%%compute --e|\nf()', '--e', ['--endpoint ']],
    ['\n%%compute --bo| -e x', '--bo', ['--body']],
    ['%%compute -e |', '', ['"This computer"', 'my-cluster']],
    ['%%compute -e th|\nx', 'th', ['"This computer"']],
    ['%%compute --body --endpoint my|', 'my', ['my-cluster']],
    ['%%compute --result-serializer |', '', ['pickle', 'json']],
    ['%%compute --serializer so|', 'so', ['source']],
    ['%%compute --endpoint=th|', 'th', ['"This computer"']],
    ['%%compute --endpoint=|', '', ['"This computer"', 'my-cluster']],
    ['%%compute -f ar|', 'ar', ['area=10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f']],
    [
      '%%compute --function area=10c|',
      'area=10c',
      ['area=10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f']
    ]
  ])('%j', (text, replaced, texts) => {
    expect(complete(text)).toEqual({ replaced, texts });
  });

  it('offers every option once', () => {
    expect(complete('%%compute |')?.texts).toContain('--endpoint ');
    const again = complete('%%compute --body -e x |')?.texts;
    expect(again).not.toContain('--body');
    expect(again).not.toContain('--endpoint ');
    expect(again).toContain('--input ');
  });

  it.each([
    '%%compute|',
    '|%%compute',
    '%%compute --body\nf(|)',
    'x = 1|',
    '%%compute --nothing-like-it|',
    '%%compute -e nowhere|',
    '%%compute --endpoint=nowhere|',
    '%%compute --body=|',
    '%%compute -i va|',
    '%%compute -e "open|'
  ])('has nothing to say at %j', text => {
    expect(complete(text)).toBeNull();
  });
});
