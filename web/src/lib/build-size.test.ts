import { describe, expect, it } from 'vitest';
import { initialFiles, type BuiltChunk } from './build-size.ts';

const chunk = (fileName: string, imports: string[] = [], change: Partial<BuiltChunk> = {}): BuiltChunk => ({
  fileName,
  imports,
  isEntry: false,
  moduleId: null,
  code: '',
  ...change,
});

describe('initialFiles', () => {
  it('follows static imports of the entry and the first page, once each, and leaves other pages out', () => {
    const files = initialFiles([
      chunk('main.js', ['react.js', 'ui.js'], { isEntry: true }),
      chunk('react.js'),
      chunk('ui.js', ['react.js']),
      chunk('overview.js', ['tiles.js'], { moduleId: '/x/web/src/pages/overview.tsx' }),
      chunk('hunt.js', ['react.js'], { moduleId: '/x/web/src/pages/hunt.tsx' }),
      chunk('tiles.js'),
    ]);
    expect(files.map((file) => file.fileName).sort()).toEqual([
      'main.js',
      'overview.js',
      'react.js',
      'tiles.js',
      'ui.js',
    ]);
  });

  it('ends on import cycles', () => {
    const files = initialFiles([chunk('a.js', ['b.js'], { isEntry: true }), chunk('b.js', ['a.js'])]);
    expect(files).toHaveLength(2);
  });
});
