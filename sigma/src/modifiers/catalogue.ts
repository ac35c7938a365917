/** The modifiers of Sigma 2.1 and which of them go together. */
import { SigmaFault, type YamlPath } from '../ast/error.ts';

/** What a modifier does: where it stands in the chain decides what it may be combined with. */
type Role = 'place' | 'list' | 'encode' | 'wide' | 'compare' | 'part' | 'regex' | 'regexFlag' | 'other';

const ROLES: Readonly<Record<string, Role>> = {
  contains: 'place',
  startswith: 'place',
  endswith: 'place',
  all: 'list',
  neq: 'list',
  cased: 'other',
  windash: 'other',
  expand: 'other',
  fieldref: 'other',
  exists: 'other',
  cidr: 'other',
  base64: 'encode',
  base64offset: 'encode',
  wide: 'wide',
  utf16le: 'wide',
  utf16be: 'wide',
  utf16: 'wide',
  lt: 'compare',
  lte: 'compare',
  gt: 'compare',
  gte: 'compare',
  minute: 'part',
  hour: 'part',
  day: 'part',
  week: 'part',
  month: 'part',
  year: 'part',
  re: 'regex',
  i: 'regexFlag',
  m: 'regexFlag',
  s: 'regexFlag',
};

export const MODIFIERS: readonly string[] = Object.keys(ROLES);

/** Throws a `SigmaFault` for unknown modifiers and combinations without a meaning. */
export function checkModifiers(modifiers: readonly string[], path: YamlPath): void {
  const roles = modifiers.map((modifier) => {
    if (!Object.hasOwn(ROLES, modifier)) throw new SigmaFault('modifier_unknown', path, `It is \`${modifier}\`.`);
    return ROLES[modifier]!;
  });
  const conflict = (detail: string): never => {
    throw new SigmaFault('modifier_conflict', path, detail);
  };
  const has = (modifier: string): boolean => modifiers.includes(modifier);
  const count = (role: Role): number => roles.filter((other) => other === role).length;

  if (new Set(modifiers).size !== modifiers.length) conflict('A modifier is repeated.');
  for (const role of ['place', 'encode', 'wide', 'compare', 'part'] as const) {
    if (count(role) > 1) conflict(`Only one of ${namesOf(role)} can be used.`);
  }
  if (count('regexFlag') > 0 && !has('re')) conflict('`i`, `m` and `s` go with `re`.');
  if (count('wide') > 0 && count('encode') === 0)
    conflict('`wide` and its kin need `base64` or `base64offset` after them.');
  const alone = ['re', 'cidr', 'exists'].filter(has);
  const matters = modifiers.filter(
    (modifier) => !['all', 'neq', 'expand'].includes(modifier) && ROLES[modifier] !== 'regexFlag',
  );
  if (alone.length > 0 && matters.length > 1)
    conflict(`\`${alone[0]}\` cannot be combined with ${matters.filter((m) => m !== alone[0]).join(', ')}.`);
  if (count('compare') + count('part') > 0) {
    const others = modifiers.filter(
      (modifier) => !['compare', 'part', 'list'].includes(ROLES[modifier]!) && modifier !== 'expand',
    );
    if (others.length > 0) conflict(`Numbers and times cannot be combined with ${others.join(', ')}.`);
  }
  if (
    has('fieldref') &&
    modifiers.some((modifier) => !['fieldref', 'cased', 'all', 'neq'].includes(modifier) && ROLES[modifier] !== 'place')
  ) {
    conflict('`fieldref` goes with `contains`, `startswith`, `endswith` and `cased` only.');
  }
  if (has('exists') && (has('all') || has('neq'))) conflict('`exists` takes one value: true or false.');
}

function namesOf(role: Role): string {
  return MODIFIERS.filter((modifier) => ROLES[modifier] === role).join(', ');
}
