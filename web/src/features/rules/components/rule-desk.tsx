/** One list, one detail: rules by level, and the open rule with its source. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { severityOf, type RuleInfo } from '@vedette/contracts';
import { useMemo, useRef } from 'react';
import { formatCount, plural } from '../../../lib/format.ts';
import { useShortcuts } from '../../../lib/use-shortcuts.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { SeverityMark } from '../../../ui/severity.tsx';
import { useRules } from '../api/rules.ts';
import { filterRules, logsourceText, techniquesOf } from '../rule-filter.ts';
import type { RuleSearch } from '../search.ts';
import classes from './rule-desk.module.css';
import { RuleDetail } from './rule-detail.tsx';

interface RuleDeskProps {
  search: RuleSearch;
  onOpen: (id: string | undefined) => void;
}

const ROW = 32;

export function RuleDesk({ search, onOpen }: RuleDeskProps) {
  const rules = useRules();
  return (
    <Loaded query={rules} lines={14}>
      {(all) => <Desk all={all} search={search} onOpen={onOpen} />}
    </Loaded>
  );
}

function Desk({ all, search, onOpen }: RuleDeskProps & { all: readonly RuleInfo[] }) {
  const { id, text, severity } = search;
  const rules = useMemo(() => filterRules(all, { text, severity }), [all, text, severity]);
  const open = all.find((rule) => rule.id === id);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rules.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const move = (step: number) => {
    const at = rules.findIndex((rule) => rule.id === id);
    const next = Math.min(Math.max(at + step, 0), rules.length - 1);
    if (!rules[next]) return;
    onOpen(rules[next].id);
    virtualizer.scrollToIndex(next, { align: 'auto' });
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => onOpen(undefined),
  });
  const counts = useMemo(() => summary(all), [all]);
  return (
    <div className={classes.desk} data-open={open !== undefined || undefined}>
      <section className={classes.list} aria-label="Rule list">
        <div className={classes.bar}>
          <span>
            {rules.length === all.length
              ? plural(all.length, 'rule')
              : `${formatCount(rules.length)} of ${plural(all.length, 'rule')}`}
          </span>
          <span className={classes.dim}>{counts}</span>
        </div>
        {rules.length === 0 ? (
          <EmptyState title={all.length === 0 ? 'No rules are loaded' : 'No rules match'}>
            {all.length === 0
              ? 'Start the server with its own rule pack, or point it at a folder of Sigma rules.'
              : 'Rules are searched by title, id, ATT&CK technique and log source.'}
          </EmptyState>
        ) : (
          <div
            ref={scroller}
            className={classes.scroller}
            role="grid"
            aria-label="Rules"
            aria-rowcount={rules.length}
            tabIndex={0}
          >
            <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
              {virtualizer.getVirtualItems().map((item) => {
                const rule = rules[item.index]!;
                return (
                  <div
                    key={rule.id}
                    role="row"
                    aria-rowindex={item.index + 1}
                    aria-selected={rule.id === id}
                    className={classes.row}
                    data-testid="rule-row"
                    style={{ transform: `translateY(${item.start}px)` }}
                    onClick={() => onOpen(rule.id)}
                  >
                    <span role="gridcell">
                      <SeverityMark level={rule.level} compact />
                    </span>
                    <span role="gridcell" className={classes.title}>
                      {rule.title}
                    </span>
                    <span role="gridcell" className={classes.techniques}>
                      {techniquesOf(rule.tags).join(' ')}
                    </span>
                    <span role="gridcell" className={classes.source}>
                      {rule.kind === 'correlation' ? 'correlation' : logsourceText(rule.logsource)}
                    </span>
                  </div>
                );
              })}
            </div>
          </div>
        )}
      </section>
      {open && <RuleDetail rule={open} onClose={() => onOpen(undefined)} />}
    </div>
  );
}

/** `12 critical · 30 high · …` */
function summary(rules: readonly RuleInfo[]): string {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(severityOf(rule.level), (counts.get(severityOf(rule.level)) ?? 0) + 1);
  return ['critical', 'high', 'medium', 'low', 'info']
    .filter((severity) => counts.has(severity))
    .map((severity) => `${formatCount(counts.get(severity)!)} ${severity}`)
    .join(' · ');
}
