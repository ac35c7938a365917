/**
 * ATT&CK ids → names. The table is a help for readers, never a gate: ids that it does not know (newer versions, typing
 * errors in a rule) are kept with empty names.
 */
import type { Attack } from '@vedette/contracts';
import { TACTICS, TECHNIQUES } from './table.ts';

export interface Technique {
  /** `T1110.001` */
  id: string;
  name: string;
  /** Tactic ids, `TA0006`. */
  tactics: readonly string[];
  /** Id that replaced it, if it was revoked. */
  revokedBy: string | null;
  isSubtechnique: boolean;
}
export interface Tactic {
  /** `TA0006` */
  id: string;
  /** `credential-access` */
  shortName: string;
  name: string;
}

export const tactics: readonly Tactic[] = TACTICS.map(([id, shortName, name]) => ({ id, shortName, name }));
export const techniques: readonly Technique[] = TECHNIQUES.map(([id, name, tacticIds, revokedBy]) => ({
  id,
  name,
  tactics: tacticIds.split(' ').filter((tactic) => tactic !== ''),
  revokedBy: revokedBy ?? null,
  isSubtechnique: id.includes('.'),
}));

const techniqueById = new Map(techniques.map((technique) => [technique.id, technique]));
const tacticById = new Map(tactics.map((tactic) => [tactic.id, tactic]));
const tacticByShortName = new Map(tactics.map((tactic) => [tactic.shortName, tactic]));

const TECHNIQUE_TAG = /^t\d{4}(?:\.\d{3})?$/;
const TACTIC_TAG = /^[a-z]+(?:[-_][a-z]+)*$/;

/**
 * What a rule's tags (`attack.t1110.001`, `attack.credential-access`, `attack.credential_access`) say in ATT&CK's terms:
 * one entry for each technique and each of its tactics that the rule names (all its tactics when the rule names none of
 * them), then one without a technique for each tactic named alone. Tags of groups, software and other namespaces are skipped.
 */
export function attackOfTags(tags: readonly string[]): Attack[] {
  const names = tags.map((tag) => tag.toLowerCase()).filter((tag) => tag.startsWith('attack.'));
  const words = [...new Set(names.map((tag) => tag.slice('attack.'.length)))];
  const techniqueIds = words.filter((word) => TECHNIQUE_TAG.test(word)).map((word) => word.toUpperCase());
  const tacticIds = words.filter((word) => TACTIC_TAG.test(word)).map(tacticId);

  const attacks: Attack[] = [];
  for (const id of techniqueIds) {
    const own = tacticsOf(id);
    const named = own.filter((tactic) => tacticIds.includes(tactic));
    const chosen = named.length > 0 ? named : own.length > 0 ? own : tacticIds;
    for (const tactic of chosen.length > 0 ? chosen : ['']) attacks.push(entry(id, tactic));
  }
  for (const tactic of tacticIds) {
    // A tactic newer than the table says nothing beside techniques that carry the tactics of ours.
    const isCovered = attacks.some((attack) => attack.tactic === tactic);
    if (!isCovered && (tacticById.has(tactic) || techniqueIds.length === 0)) attacks.push(entry('', tactic));
  }
  return attacks;
}

/** The technique by its id (`T1110.001`), undefined when the table does not know it. */
export function techniqueOf(id: string): Technique | undefined {
  return techniqueById.get(id);
}

function tacticId(word: string): string {
  const shortName = word.replaceAll('_', '-');
  return tacticByShortName.get(shortName)?.id ?? shortName;
}

/** Tactics of a technique; a sub-technique or revoked id without any takes those of its parent or successor. */
function tacticsOf(id: string): readonly string[] {
  const technique = techniqueById.get(id) ?? techniqueById.get(id.slice(0, 'T0000'.length));
  if (technique === undefined) return [];
  if (technique.tactics.length > 0 || technique.revokedBy === null) return technique.tactics;
  return techniqueById.get(technique.revokedBy)?.tactics ?? [];
}

function entry(technique: string, tactic: string): Attack {
  return {
    technique,
    tactic,
    techniqueName: techniqueById.get(technique)?.name ?? '',
    tacticName: tacticById.get(tactic)?.name ?? '',
  };
}
