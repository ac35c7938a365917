/** Is it healthy, how far behind, where the time goes, what listens. */
import type { Health, PipelineState } from '@vedette/contracts';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { formatBytes, formatCount, formatDuration, formatMicroseconds } from '../../../lib/format.ts';
import { displayText } from '../../../lib/log-text.ts';
import { Panel } from '../../../ui/panel.tsx';
import classes from './sources.module.css';

export function HealthPanel({ health }: { health: Health }) {
  const words = { ok: 'All parts are ready', starting: 'Starting', degraded: 'A part needs attention' };
  return (
    <Panel title="Health" note={`${words[health.status]} · version ${health.version}`}>
      <ul className={classes.parts}>
        {health.parts.map((part) => (
          <li key={part.name}>
            <OkMark ok={part.ok} />
            <strong>{part.name}</strong>
            <span className={classes.dim}>{displayText(part.message)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function PipelinePanels({ state }: { state: PipelineState }) {
  const { journal, lagMs, stages, inputs } = state;
  const fill = journal.capacityBytes === 0 ? 0 : journal.backlogBytes / journal.capacityBytes;
  const total = stages.reduce((sum, stage) => sum + stage.microseconds, 0);
  return (
    <>
      <Panel title="Journal and lag">
        <dl className={classes.facts}>
          <div>
            <dt>Lag</dt>
            <dd>{formatDuration(lagMs)}</dd>
          </div>
          <div>
            <dt>Backlog</dt>
            <dd>{formatBytes(journal.backlogBytes)}</dd>
          </div>
          <div>
            <dt>Capacity</dt>
            <dd>{formatBytes(journal.capacityBytes)}</dd>
          </div>
          <div>
            <dt>Taken in since start</dt>
            <dd>{formatBytes(journal.appendedBytes)}</dd>
          </div>
        </dl>
        <div
          className={classes.meter}
          role="meter"
          aria-label="Journal backlog"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(fill * 100)}
        >
          <span style={{ width: `${Math.min(100, fill * 100)}%` }} data-high={fill > 0.7 || undefined} />
        </div>
        <p className={classes.dim}>
          When it is full, HTTP senders are asked to wait and TCP stops reading; nothing is dropped.
        </p>
      </Panel>
      <Panel title="Inputs" flush>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Input</th>
              <th scope="col">Listens on</th>
              <th scope="col">State</th>
              <th scope="col" className={classes.number}>
                Received
              </th>
              <th scope="col" className={classes.number}>
                Dropped
              </th>
            </tr>
          </thead>
          <tbody>
            {inputs.map((input) => (
              <tr key={`${input.name} ${input.address}`}>
                <th scope="row">{input.name}</th>
                <td className={classes.mono}>{displayText(input.address)}</td>
                <td>
                  <OkMark ok={input.ok} /> {displayText(input.message)}
                </td>
                <td className={classes.number}>{formatCount(input.received)}</td>
                <td className={classes.number}>{formatCount(input.dropped)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title="Stages" note="since start" flush>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col" className={classes.number}>
                Events
              </th>
              <th scope="col" className={classes.number}>
                Dropped
              </th>
              <th scope="col" className={classes.number}>
                Per event
              </th>
              <th scope="col">Share of the time</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.name}>
                <th scope="row">{stage.name}</th>
                <td className={classes.number}>{formatCount(stage.events)}</td>
                <td className={classes.number}>{formatCount(stage.dropped)}</td>
                <td className={classes.number}>
                  {stage.events === 0 ? '–' : formatMicroseconds(stage.microseconds / stage.events)}
                </td>
                <td>
                  <span className={classes.share}>
                    <span style={{ width: `${total === 0 ? 0 : (stage.microseconds / total) * 100}%` }} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
    </>
  );
}

function OkMark({ ok }: { ok: boolean }) {
  return ok ? (
    <IconCircleCheck size={15} className={classes.ok} aria-label="ready" />
  ) : (
    <IconAlertTriangle size={15} className={classes.bad} aria-label="not ready" />
  );
}
