// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { helpAt, mistakeIn } from './magicHelp';

describe('mistakeIn', () => {
  it.each([
    ['%%compute --oops x', '--oops'],
    ['\n%%compute -e', '-e'],
    ['%%compute -e a stray', 'stray'],
    ['%%compute -i 1x\nf()', '-i 1x'],
    ['%%compute -e "open', '"open']
  ])('%j', (source, words) => {
    const mistake = mistakeIn(source);
    expect(source.slice(mistake?.start, mistake?.end)).toBe(words);
    expect(mistake?.text).not.toBe('');
  });

  it.each(['%%compute', '%%compute -e a --body\n1 +', 'x --oops'])(
    'finds none in %j',
    source => {
      expect(mistakeIn(source)).toBeNull();
    }
  );
});

describe('helpAt', () => {
  it('says what the option at the cursor does', () => {
    const source = '%%compute --endpoint=x -i y';
    expect(helpAt(source, 14)?.text).toMatch(/^-e\/--endpoint NAME\nWhere/);
    expect(helpAt(source, 24)?.text).toMatch(/^-i\/--input NAMES/);
    expect(helpAt(source, 27)).toBeNull();
    expect(helpAt('x --body', 4)).toBeNull();
    expect(helpAt('%%compute "', 10)).toBeNull();
  });
});
