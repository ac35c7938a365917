/** What every modifier and condition form means, through the public API; index and full scan must agree on each. */
import { describe, expect, it } from 'vitest';
import { compileRules, parseSigma, type CompileOptions, type SigmaError } from '../index.ts';

const HEAD = 'title: t\nlogsource: { product: test }\n';

/** Compiles a detection (YAML below `detection:`) and tells whether a view matches it. */
function matcher(detection: string, options?: CompileOptions): (view: Record<string, unknown>) => boolean {
  const { documents, errors } = parseSigma(`${HEAD}detection:\n${detection.replace(/^/gm, '  ')}`);
  expect(errors).toEqual([]);
  const compiled = compileRules(documents, options);
  expect(compiled.errors.filter(({ severity }) => severity === 'error')).toEqual([]);
  const engine = compiled.ruleset.route({ product: 'test' })!;
  return (view) => {
    const matched = engine.match(view).length === 1;
    expect(engine.matchScan(view).length === 1).toBe(matched);
    // A second time, out of the memo.
    expect(engine.match({ ...view }).length === 1).toBe(matched);
    return matched;
  };
}

/** A selection of one item. */
const item = (text: string, options?: CompileOptions) => matcher(`sel:\n  ${text}\ncondition: sel`, options);

function errorsOf(text: string): SigmaError[] {
  const { documents, errors } = parseSigma(`${HEAD}detection:\n  sel:\n    ${text}\n  condition: sel`);
  return [...errors, ...compileRules(documents).errors];
}

/** Views of field `f` that match and that do not. */
function expectValues(matches: (view: Record<string, unknown>) => boolean, yes: unknown[], no: unknown[]): void {
  for (const value of yes) expect([value, matches({ f: value })]).toEqual([value, true]);
  for (const value of no) expect([value, matches({ f: value })]).toEqual([value, false]);
}

describe('plain values', () => {
  it('compare whole, without case', () => {
    expectValues(item('f: Abc'), ['abc', 'ABC', ['x', 'aBc']], ['abcd', 'xabc', '', null, ['x'], {}]);
    expectValues(item('f: ÄÖ'), ['äö', 'ÄÖ'], ['ao']);
  });
  it('compare numbers and booleans by their text', () => {
    expectValues(item('f: 4688'), [4688, '4688', [4688]], [46880, '04688']);
    expectValues(item("f: '4688'"), [4688, '4688'], [468]);
    expectValues(item('f: true'), [true, 'True'], [false, 1]);
  });
  it('know wildcards and their escapes', () => {
    expectValues(item("f: 'a*c?'"), ['acx', 'aXYZcx', 'A\nCx'], ['ac', 'bacx', 'acxy']);
    expectValues(item("f: 'a\\*b'"), ['a*b'], ['axb', 'ab']);
    expectValues(item("f: 'a\\?b'"), ['a?b'], ['axb']);
    expectValues(item("f: 'a\\\\*'"), ['a\\', 'a\\xyz'], ['a*', 'a']);
    expectValues(item("f: 'a\\b'"), ['a\\b'], ['ab']);
    expectValues(item("f: '*'"), ['', 'x', 0, false], [null, undefined]);
    expectValues(item("f: '??'"), ['ab'], ['a', 'abc']);
    expectValues(item("f: 'a*b*a'"), ['aba', 'axbxa', 'abba'], ['ab', 'aa']);
    expectValues(item("f: '*a?c*x'"), ['abcx', '--aXc--x', 'aaabcx'], ['acx', 'abc']);
  });
  it('tell null, empty and missing apart', () => {
    const isNull = item('f: null');
    expectValues(isNull, [null, undefined, []], ['', 0]);
    expect(isNull({})).toBe(true);
    const isEmpty = item("f: ''");
    expectValues(isEmpty, [''], [null, 'x', []]);
    expect(isEmpty({})).toBe(false);
    expectValues(item("f: ['', null]"), ['', null, undefined], ['x']);
  });
  it('are alternatives in a list', () => {
    expectValues(item('f: [a, b*]'), ['a', 'b', 'bc'], ['c']);
  });
});

describe('places', () => {
  it.each([
    ['contains', ['b', 'abc', 'xABCx'], ['', 'ac']],
    ['startswith', ['b', 'bcd'], ['ab']],
    ['endswith', ['b', 'ab'], ['bc']],
  ])('%s', (modifier, yes, no) => {
    expectValues(item(`f|${modifier}: B`), yes, no);
  });
  it('take wildcards inside', () => {
    expectValues(item("f|contains: 'a*b'"), ['xaybz', 'AB'], ['ba']);
    expectValues(item("f|startswith: 'a?b'"), ['axbc'], ['abc']);
    expectValues(item("f|endswith: 'a?b'"), ['caxb'], ['caxbc']);
    expectValues(item("f|contains: ''"), ['', 'x'], [null]);
  });
  it('work for literals of every length', () => {
    for (const text of [
      'x',
      'xy',
      'xyz',
      'wxyz',
      'vwxyz',
      'stuvxyz',
      'rstuvxyz',
      'qrstuvxyz',
      'a much longer literal',
    ]) {
      expectValues(
        item(`f|contains: '${text}'`),
        [text, `..${text}..`, `..${text}`, `${text}..`.toUpperCase()],
        ['', '..'],
      );
      expectValues(item(`f|startswith: '${text}'`), [text, `${text}..`], [`.${text}`, '']);
      expectValues(item(`f|endswith: '${text}'`), [text, `..${text}`], [`${text}.`, '']);
    }
  });
  it('with all need every value, in any element', () => {
    expectValues(item('f|contains|all: [ab, cd]'), ['abcd', 'cd ab', ['ab', 'cd']], ['ab', 'cd']);
  });
  it('cased compares exactly', () => {
    expectValues(item('f|cased: Abc'), ['Abc'], ['abc']);
    expectValues(item('f|contains|cased: Abc'), ['xAbcx'], ['xabcx']);
    expectValues(item('f|startswith|cased: Abc'), ['Abcx'], ['abcx']);
    expectValues(item('f|endswith|cased: Abc'), ['xAbc'], ['xabc']);
    expectValues(item("f|cased: 'A*c'"), ['Axxc'], ['axxc']);
    // The lower case of a sigma depends on what follows it.
    expectValues(item('f|startswith|cased: ΑΣ'), ['ΑΣ', 'ΑΣΒ'], ['ας']);
    expectValues(item('f|contains|cased: ΑΣ'), ['ΑΣΒ'], ['ας']);
  });
});

describe('transformations', () => {
  it('windash writes every dash', () => {
    const dashed = item("f|contains|windash: ' -enc '");
    expectValues(dashed, ['x -enc y', 'x /enc y', 'x –enc y', 'x —enc y', 'x ―enc y'], ['x enc y', 'x +enc y']);
    expectValues(item("f|windash: 'a-b -c'"), ['a-b -c', 'a-b /c'], ['a/b -c']);
  });
  it('base64 encodes the value', () => {
    expectValues(item('f|base64: foobar'), ['Zm9vYmFy'], ['foobar']);
    expectValues(item('f|base64|contains: foobar'), ['xxZm9vYmFyxx'], ['Zm9v']);
  });
  it('base64offset finds it at all three alignments', () => {
    const found = item('f|base64offset|contains: http://');
    for (const before of ['', 'a', 'ab', 'abc']) {
      expect(found({ f: Buffer.from(`${before}http://x`).toString('base64') })).toBe(true);
    }
    expect(found({ f: Buffer.from('https').toString('base64') })).toBe(false);
  });
  it.each(['wide', 'utf16le', 'utf16be', 'utf16'] as const)('%s changes the bytes first', (encoding) => {
    const bytes = Buffer.from('ping', 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();
    const text = encoding === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]) : bytes;
    expectValues(item(`f|${encoding}|base64: ping`), [text.toString('base64')], ['cGluZw==']);
    const later = Buffer.concat([Buffer.from('A\0B\0'), text]).toString('base64');
    expect(item(`f|${encoding}|base64offset|contains: ping`)({ f: later })).toBe(true);
  });
  it('expand takes configured values, as Sigma strings', () => {
    const options = { placeholders: { admins: ['root', 'adm*'], hosts: ['a', 'b'] } };
    expectValues(item("f|expand: '%admins%@%hosts%'", options), ['root@a', 'admin@b'], ['root@c', 'x@a']);
  });
  it('expand without values matches nothing and warns', () => {
    expectValues(item("f|expand: '%unknown%'"), [], ['%unknown%', '', 'x']);
    expectValues(item("f|contains|all|expand: '%unknown%'"), [], ['%unknown%', '', 'x']);
    expect(errorsOf("f|expand: '%unknown%'")).toMatchObject([
      { code: 'placeholder_unknown', severity: 'warning', line: 5 },
    ]);
  });
});

describe('regular expressions', () => {
  it('search with case, unless told', () => {
    expectValues(item("f|re: 'ab+c$'"), ['xabbc'], ['ABC', 'abcd']);
    expectValues(item("f|re|i: 'ab+c'"), ['xABBCx', 'abc'], ['ac']);
    expectValues(item("f|re: '(?i)ab+c'"), ['ABC'], ['ac']);
  });
  it('know m and s', () => {
    expectValues(item("f|re: '^b'"), ['b'], ['a\nb']);
    expectValues(item("f|re|m: '^b'"), ['b', 'a\nb'], ['ab']);
    expectValues(item("f|re: 'a.b'"), ['axb'], ['a\nb']);
    expectValues(item("f|re|s: 'a.b'"), ['axb', 'a\nb'], []);
  });
  it('take several, and all', () => {
    expectValues(item("f|re: ['a\\d', 'b\\d']"), ['a1', 'b1'], ['c1']);
    expectValues(item("f|re|all: ['a\\d', 'b\\d']"), ['a1b1'], ['a1']);
  });
  it('fold what the engine folds, prefilter or not', () => {
    expectValues(item("f|re|i: 'mask\\d'"), ['MASK1', 'ma\u017fk1', 'mas\u212a1'], ['mas1']);
  });
  it('look-behind runs, since it is linear; look-ahead and back-references are refused by name', () => {
    expectValues(item("f|re: '(?<=a)b'"), ['ab'], ['b']);
    expect(errorsOf("f|re: 'a(?=b)'")).toMatchObject([{ code: 'regex_unsupported', line: 5 }]);
    expect(errorsOf("f|re: '(a)\\1'")).toMatchObject([{ code: 'regex_unsupported' }]);
    expect(errorsOf("f|re: '(a'")).toMatchObject([{ code: 'regex_invalid' }]);
  });
  it('see the first 32,768 characters, all other tests the whole value', () => {
    const late = `${'x'.repeat(40_000)}needle7`;
    expect(item("f|re: 'needle\\d'")({ f: late })).toBe(false);
    expect(item("f|contains: 'needle7'")({ f: late })).toBe(true);
    expect(item("f|re: 'needle\\d'")({ f: late.slice(-32_000) })).toBe(true);
  });
  it('need no more than linear time', () => {
    expect(item("f|re: '(a+)+$'")({ f: `${'a'.repeat(30_000)}b` })).toBe(false);
  });
});

describe('networks', () => {
  it('IPv4', () => {
    expectValues(
      item('f|cidr: 10.0.0.0/8'),
      ['10.1.2.3', '::ffff:10.1.2.3'],
      ['11.0.0.1', '10.1.2', '10.1.2.256', 'x', '', '::a01:203'],
    );
    expectValues(
      item('f|cidr: [192.168.4.0/22, 127.0.0.1/32]'),
      ['192.168.7.255', '127.0.0.1'],
      ['192.168.8.0', '127.0.0.2'],
    );
    expectValues(item('f|cidr: 0.0.0.0/0'), ['1.2.3.4'], ['::1']);
  });
  it('IPv6', () => {
    expectValues(
      item("f|cidr: 'fe80::/10'"),
      ['fe80::1', 'FEBF::1', 'fe80::1%eth0'],
      ['fec0::1', '::1', 'fe80', ':::', 'fe80::1::2'],
    );
    expectValues(item("f|cidr: '::1/128'"), ['::1', '0:0:0:0:0:0:0:1'], ['::2', '1.2.3.4']);
    expectValues(item("f|cidr: '2001:db8::/32'"), ['2001:db8:1:2:3:4:5:6'], ['2001:db9::', '2001:db8:1:2:3:4:5:6:7']);
  });
});

describe('numbers and times', () => {
  it.each([
    ['lt', [4, '4.5', -1], [5, 6]],
    ['lte', [4, 5, '5'], [5.1]],
    ['gt', [6, '5.5'], [5, 4]],
    ['gte', [5, '5'], [4.9]],
  ])('%s', (modifier, yes, no) => {
    expectValues(item(`f|${modifier}: 5`), yes, [...no, '', 'x', null, undefined, {}]);
  });
  it('neq', () => {
    expectValues(item('f|neq: 5'), [6, 'x', null, undefined], [5, '5']);
    expectValues(item('f|neq: [5, 6]'), [7], [5, 6]);
    expectValues(item('f|contains|neq: ab'), ['b'], ['xab']);
  });
  it.each([
    ['minute', 4],
    ['hour', 23],
    ['day', 31],
    ['week', 1],
    ['month', 12],
    ['year', 2024],
  ])('%s of a time, in UTC', (part, value) => {
    const time = '2024-12-31T23:04:05.678Z';
    expectValues(
      item(`f|${part}: ${value}`),
      [time, '2025-01-01T00:04:05+01:00', Date.parse(time), Date.parse(time) / 1000],
      ['x', '2020-06-15T01:30:00Z', null],
    );
  });
  it('parts of a time compare', () => {
    expectValues(item('f|hour|gte: 22'), ['2024-01-01 22:00:00'], ['2024-01-01 21:59:59', 'x']);
  });
});

describe('exists and other fields', () => {
  it('exists asks for presence only', () => {
    const there = item('f|exists: true');
    expectValues(there, ['', 'x', 0, null], [undefined]);
    expect(there({})).toBe(false);
    const gone = item('f|exists: false');
    expect([gone({}), gone({ f: null }), gone({ f: '' })]).toEqual([true, false, false]);
  });
  it('fieldref compares two fields', () => {
    const same = item('f|fieldref: g');
    expect(same({ f: 'A', g: 'a' })).toBe(true);
    expect(same({ f: 1, g: '1' })).toBe(true);
    expect(same({ f: ['x', 'y'], g: 'Y' })).toBe(true);
    expect([same({ f: 'a' }), same({ g: 'a' }), same({ f: null, g: null }), same({})]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(item('f|fieldref|startswith: g')({ f: 'abc', g: 'AB' })).toBe(true);
    expect(item('f|fieldref|endswith: g')({ f: 'abc', g: 'bc' })).toBe(true);
    expect(item('f|fieldref|contains: g')({ f: 'abc', g: 'b' })).toBe(true);
    expect(item('f|fieldref|cased: g')({ f: 'A', g: 'a' })).toBe(false);
  });
});

describe('keywords', () => {
  it('search every value', () => {
    const found = matcher("kw: ['Evil Thing', 'bad*word']\ncondition: kw");
    expect(found({ a: 'some evil thing here' })).toBe(true);
    expect(found({ a: 'x', b: ['y', 'badXword'] })).toBe(true);
    expect(found({ a: { b: { c: 'EVIL THING' } } })).toBe(true);
    expect(found({ 'evil thing': 'x' })).toBe(false);
    expect(found({ a: 'evil', b: 'thing' })).toBe(false);
  });
  it('search numbers, and the message, but not what we derive', () => {
    const found = matcher('kw: [4625]\ncondition: kw');
    expect(found({ code: 4625 })).toBe(true);
    expect(found({ message: 'code 4625' })).toBe(true);
    expect(found({ 'event.category': '4625' })).toBe(false);
    expect(found({ 'vedette.source': '4625' })).toBe(false);
    expect(found({ vedette: { source: '4625' } })).toBe(false);
  });
  it('take modifiers', () => {
    const all = matcher("kw:\n  '|all': [one, two]\ncondition: kw");
    expect(all({ a: 'one', b: 'two' })).toBe(true);
    expect(all({ a: 'one' })).toBe(false);
    expect(matcher("kw:\n  '|re': 'a\\d{3}'\ncondition: kw")({ x: 'ba123' })).toBe(true);
    expect(matcher("kw:\n  '|startswith': 'abc'\ncondition: kw")({ x: 'zabc' })).toBe(false);
  });
  it('of seven characters and more are found past the quick filter', () => {
    const found = matcher('kw: [sekurlsa, "privilege::debug"]\ncondition: kw');
    for (let pad = 0; pad < 9; pad++) {
      expect(found({ a: `${' '.repeat(pad)}SEKURLSA` })).toBe(true);
      expect(found({ a: `${'x'.repeat(pad)}Privilege::Debug tail` })).toBe(true);
    }
    expect(found({ a: '\u0130\u0130 se\u212aurlsa' })).toBe(true);
    expect(found({ a: 'nothing of the kind, however long it may be' })).toBe(false);
  });
});

describe('selections and conditions', () => {
  it('a map needs all, a list of maps one', () => {
    const map = matcher('sel: { a: 1, b: 2 }\ncondition: sel');
    expect([map({ a: 1, b: 2 }), map({ a: 1 })]).toEqual([true, false]);
    const list = matcher('sel:\n  - { a: 1 }\n  - { b: 2, c: 3 }\n  - word\ncondition: sel');
    expect([list({ a: 1 }), list({ b: 2, c: 3 }), list({ b: 2 }), list({ x: 'a word' })]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
  it.each([
    ['s1 or s2 and s3', [{ a: 1 }, { b: 1, c: 1 }], [{ b: 1 }, { c: 1 }]],
    [
      '(s1 or s2) and s3',
      [
        { a: 1, c: 1 },
        { b: 1, c: 1 },
      ],
      [{ a: 1 }],
    ],
    ['s1 and not s2', [{ a: 1 }], [{ a: 1, b: 1 }, {}]],
    ['not s1', [{}, { b: 1 }], [{ a: 1 }]],
    ['not s1 and not s2', [{}, { c: 1 }], [{ a: 1 }, { b: 1 }]],
    ['1 of s*', [{ a: 1 }, { c: 1 }], [{}]],
    ['any of them', [{ b: 1 }], [{}, { d: 1 }]],
    ['all of s*', [{ a: 1, b: 1, c: 1 }], [{ a: 1, b: 1 }]],
    ['all of them', [{ a: 1, b: 1, c: 1 }], [{ a: 1, b: 1 }]],
    ['1 of s* and not 1 of _h*', [{ a: 1 }], [{ a: 1, d: 1 }]],
  ])('%s', (condition, yes, no) => {
    const matches = matcher(`s1: { a: 1 }\ns2: { b: 1 }\ns3: { c: 1 }\n_hidden: { d: 1 }\ncondition: ${condition}`);
    for (const view of yes) expect([view, matches(view)]).toEqual([view, true]);
    for (const view of no) expect([view, matches(view)]).toEqual([view, false]);
  });
  it('several conditions are alternatives', () => {
    const matches = matcher('s1: { a: 1 }\ns2: { b: 1 }\ncondition: [s1, s2]');
    expect([matches({ a: 1 }), matches({ b: 1 }), matches({})]).toEqual([true, true, false]);
  });
});

describe('fields', () => {
  it('are found inside nested objects, and through arrays of them', () => {
    const nested = item('a.b.c: x');
    expect(nested({ 'a.b.c': 'x' })).toBe(true);
    expect(nested({ a: { b: { c: 'X' } } })).toBe(true);
    expect(nested({ 'a.b': { c: 'x' } })).toBe(true);
    expect(nested({ a: { 'b.c': 'x' } })).toBe(true);
    expect(nested({ a: [{ b: { c: 'y' } }, { b: [{ c: 'x' }] }] })).toBe(true);
    expect(nested({ a: { b: 'x' } })).toBe(false);
    expect(item('a.b: null')({ a: { b: 'x' } })).toBe(false);
    expect(item('a.b: null')({ a: {} })).toBe(true);
  });
  it('that hold objects are their JSON text', () => {
    expect(item(`f|contains: '"public":true'`)({ f: { public: true } })).toBe(true);
  });
  it('named like properties of objects are missing until they are there', () => {
    for (const field of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const matches = item(`${field}|exists: true`);
      expect(matches({})).toBe(false);
      expect(matches(JSON.parse(`{"${field}": "x"}`) as Record<string, unknown>)).toBe(true);
    }
  });
  it('survive values that are circular or deep', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    let deep: unknown = 'x';
    for (let i = 0; i < 5000; i++) deep = [deep];
    const matches = matcher('sel: { f: x }\nkw: [word]\ncondition: sel or kw');
    expect(matches({ f: circular })).toBe(false);
    expect(matches({ f: deep })).toBe(false);
  });
});

describe('values that a modifier cannot take', () => {
  it.each([
    ['f|cidr: 10.0.0.0/33', 'modifier_value'],
    ['f|cidr: example.org', 'modifier_value'],
    ['f|gt: many', 'modifier_value'],
    ['f|exists: maybe', 'modifier_value'],
    ["f|base64: 'a*'", 'modifier_value'],
    ["f|windash: '-a -b -c -d -e -f'", 'modifier_value'],
    ['f|fieldref: 5', 'modifier_value'],
    ["'|exists': true", 'modifier_value'],
    ["'|contains': null", 'value_type'],
    ['f|re|contains: a', 'modifier_conflict'],
    ['f|cidr|startswith: 10.0.0.0/8', 'modifier_conflict'],
    ['f|gt|contains: 1', 'modifier_conflict'],
    ['f|lt|gt: 1', 'modifier_conflict'],
    ['f|i: a', 'modifier_conflict'],
    ['f|contains|contains: a', 'modifier_conflict'],
    ['f|base64|base64offset: a', 'modifier_conflict'],
    ['f|fieldref|re: a', 'modifier_conflict'],
    ['f|exists|all: true', 'modifier_conflict'],
    ['f|near: a', 'modifier_unknown'],
  ])('%s', (text, code) => {
    expect(errorsOf(text).map((error) => error.code)).toEqual([code]);
  });
});
