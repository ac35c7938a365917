/**
 * Sigma in the pipeline: routes each event to the engine of its log source, matches the view the rules are written for,
 * and turns matches into signals (rules that alert) and observations (events that correlations count).
 */
import {
  promotedByEcs,
  type EcsEvent,
  type ExtraValue,
  type Logsource,
  type PromotedField,
  type PromotedProp,
} from '@vedette/contracts';
import { explainMatch, resolveField, type CompiledRule, type RuleEngine, type Ruleset } from '@vedette/sigma';
import type { Detector, Findings, Signal } from './detector.ts';
import { entitiesOf, foldKeyOf } from './entities.ts';

type View = Record<string, ExtraValue>;

/** Counted events explained per batch: enough for any alert of a quiet hour, no burden in a flood. */
const EXPLAINED_PER_BATCH = 64;

export function createSigmaDetector(ruleset: Ruleset): Detector {
  const route = createRouter(ruleset);
  const correlations = ruleset.rules.map((rule) => ruleset.correlationsOf(rule));
  let explained = 0;

  function found(event: EcsEvent, view: View, rule: CompiledRule, findings: Findings): void {
    if (rule.alertsAlone) findings.signal(signalOf(event, view, rule));
    if (correlations[rule.index]!.length === 0) return;
    const entities = entitiesOf(event);
    const matched = explained++ < EXPLAINED_PER_BATCH ? explainMatch(rule, view) : [];
    for (const correlation of correlations[rule.index]!) {
      const groupKey = correlation.groupKey(view, rule);
      if (groupKey === null) continue;
      findings.observe({
        correlation: correlation.index,
        // An import correlates with itself only; what happens now correlates across sources.
        groupKey: event.lane === 'live' ? groupKey : `${event.lane}|${event.source}|${groupKey}`,
        lane: event.lane,
        timestamp: event.timestamp,
        eventId: event.id,
        entities,
        matched,
      });
    }
  }

  return {
    name: 'sigma',
    detect(events, findings) {
      explained = 0;
      for (const event of events) {
        const routed = route(event);
        if (routed === null) continue;
        const view = viewOf(event, routed);
        const rules = routed.engine.match(view);
        for (const rule of rules) found(event, view, rule, findings);
      }
    },
  };
}

function signalOf(event: EcsEvent, view: View, rule: CompiledRule): Signal {
  return {
    ruleId: rule.rule.id,
    level: levelOf(rule),
    lane: event.lane,
    timestamp: event.timestamp,
    firstSeen: event.timestamp,
    count: 1,
    eventIds: [event.id],
    matched: explainMatch(rule, view),
    entities: entitiesOf(event),
    foldKey: foldKeyOf(event),
    continues: false,
    summary: summaryOf(event, rule.rule.title),
  };
}

/** Level 0–15 of a rule: its own `vedette: { level }` where given, else from Sigma's word. */
export function levelOf(rule: { severity: number; rule: { custom: Record<string, unknown> } }): number {
  const own = (rule.rule.custom['vedette'] as { level?: unknown } | undefined)?.level;
  return typeof own === 'number' && Number.isInteger(own) && own >= 0 && own <= 15 ? own : rule.severity;
}

/** `Title: user root from 10.0.0.5 on web1`. */
function summaryOf(event: EcsEvent, title: string): string {
  const user = event.userName !== '' ? ` user ${event.userName}` : '';
  const from = event.sourceIp !== '' ? ` from ${event.sourceIp}` : '';
  const to = event.destinationIp !== '' ? ` to ${event.destinationIp}` : '';
  const on = event.hostName !== '' ? ` on ${event.hostName}` : '';
  const who = user + from + to + on;
  return who === '' ? title : `${title}:${who}`;
}

/** An engine and the promoted properties that its rules read. */
interface Routed {
  engine: RuleEngine;
  /** [view key, event property] pairs; all promoted ones when the engine has keyword rules. */
  promoted: readonly (readonly [string, PromotedProp])[];
}

function createRouter(ruleset: Ruleset): (event: EcsEvent) => Routed | null {
  // Parsers share their logsource objects, so identity is a sufficient and bounded cache key.
  const bySource = new WeakMap<Logsource, Routed | null>();
  const byEngine = new Map<RuleEngine, Routed>();
  const grouped = groupFieldsOf(ruleset);
  const routed = (engine: RuleEngine | null): Routed | null => {
    if (engine === null) return null;
    let known = byEngine.get(engine);
    if (known === undefined) byEngine.set(engine, (known = { engine, promoted: promotedFor(engine, grouped) }));
    return known;
  };
  return (event) => {
    if (event.channel !== '') {
      return routed(ruleset.route({ ...event.logsource, channel: event.channel, code: event.code }));
    }
    let known = bySource.get(event.logsource);
    if (known === undefined) bySource.set(event.logsource, (known = routed(ruleset.route(event.logsource))));
    return known;
  };
}

function promotedFor(engine: RuleEngine, grouped: readonly string[]): Routed['promoted'] {
  const searched = engine.hasKeywords ? [...promotedByEcs.values()].filter(isSearched).map(({ ecs }) => ecs) : [];
  return [...new Set([...engine.fields, ...grouped, ...searched])].flatMap((name) => {
    const field = promotedByEcs.get(name);
    return field === undefined ? [] : [[name, field.prop] as const];
  });
}

/** Keywords are words: numbers and what we have derived are not searched for them. */
function isSearched({ ecs, kind }: PromotedField): boolean {
  return (kind === 'tag' || kind === 'text' || kind === 'ip') && !DERIVED.test(ecs);
}

const DERIVED = /^(?:event\.(?!code|provider)|vedette\.|network\.)/;

/** Fields that correlations group by, as the views name them. */
function groupFieldsOf(ruleset: Ruleset): string[] {
  return ruleset.correlations.flatMap(({ rule: { correlation }, rules }) =>
    correlation.groupBy.flatMap((name) => {
      const fields = [name, ...(correlation.aliases.get(name)?.values() ?? [])];
      return rules.flatMap(({ rule }) => fields.map((field) => resolveField(field, rule.logsource)));
    }),
  );
}

/**
 * What rules match on: the source's own record for Windows; for everything else the event's fields by ECS name, beside
 * the source's own keys.
 */
function viewOf(event: EcsEvent, { promoted }: Routed): View {
  if (event.channel !== '' && event.record !== null) return event.record;
  const view: View = event.record === null ? {} : { ...event.record };
  for (const [name, prop] of promoted) {
    const value = event[prop];
    if (value !== '' && value !== 0) view[name] = value;
  }
  if (event.extra !== null) Object.assign(view, event.extra);
  view['message'] = event.message !== '' ? event.message : event.raw;
  return view;
}
