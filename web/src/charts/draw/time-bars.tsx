/**
 * Stacked bars over time. Drag zooms into a span, click into a bar; by keyboard the arrows move along the bars and
 * Enter zooms. What is shown is decided in `prepare`.
 */
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { formatCount, formatShort } from '../../lib/format.ts';
import { axisLabel, bucketLabel, bucketSpan, type TimeModel } from '../prepare/time-model.ts';
import { tooltipContent, type ChartTheme } from './chart-theme.ts';
import classes from './charts.module.css';
import { useChart } from './use-chart.ts';

interface TimeBarsProps {
  model: TimeModel;
  /** Pixels, or all of the panel. */
  height: number | 'fill';
  /** Receives the span in ms, `to` exclusive. */
  onZoom: (from: number, to: number) => void;
}

export function TimeBars({ model, height, onZoom }: TimeBarsProps) {
  const element = useRef<HTMLDivElement>(null);
  const [brush, setBrush] = useState<{ start: number; end: number } | null>(null);
  const focused = useRef(-1);
  const chart = useChart(element, (theme) => timeOption(model, theme), [model]);
  const indexAt = (x: number): number => {
    const index: unknown = chart?.convertFromPixel({ xAxisIndex: 0 }, x);
    return typeof index === 'number' && Number.isFinite(index) ? Math.round(index) : 0;
  };
  const offset = (event: PointerEvent) => event.clientX - element.current!.getBoundingClientRect().left;
  const zoom = (a: number, b: number) => {
    const span = bucketSpan(model, a, b);
    if (span) onZoom(span.from, span.to);
  };
  const finish = (event: PointerEvent) => {
    if (!brush) return;
    setBrush(null);
    zoom(indexAt(brush.start), indexAt(offset(event)));
  };
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && model.times.length > 0) {
      event.preventDefault();
      const start = focused.current === -1 && step === -1 ? model.times.length : focused.current;
      focused.current = Math.min(Math.max(start + step, 0), model.times.length - 1);
      chart?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: focused.current });
    } else if (event.key === 'Enter' && focused.current >= 0) {
      event.preventDefault();
      zoom(focused.current, focused.current);
      focused.current = -1;
    }
  };
  return (
    <div
      className={classes.time}
      style={height === 'fill' ? { height: '100%', minHeight: 200 } : { height }}
      role="application"
      tabIndex={0}
      aria-roledescription="chart over time"
      aria-label={`${model.summary} Arrow keys move along the bars, Enter zooms in.`}
      data-testid="time-chart"
      onKeyDown={move}
      onBlur={() => {
        focused.current = -1;
        chart?.dispatchAction({ type: 'hideTip' });
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || model.times.length === 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setBrush({ start: offset(event), end: offset(event) });
      }}
      onPointerMove={(event) => brush && setBrush({ start: brush.start, end: offset(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setBrush(null)}
    >
      <div ref={element} className={classes.canvas} />
      {brush && Math.abs(brush.end - brush.start) > 3 && (
        <div
          className={classes.brush}
          style={{ left: Math.min(brush.start, brush.end), width: Math.abs(brush.end - brush.start) }}
        />
      )}
    </div>
  );
}

function timeOption(model: TimeModel, theme: ChartTheme) {
  const span = model.times.length * model.intervalMs;
  return {
    textStyle: { fontFamily: theme.font },
    grid: { left: 6, right: 6, top: 10, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: model.times,
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      axisLabel: {
        color: theme.dim,
        fontSize: 11,
        hideOverlap: true,
        formatter: (value: string) => axisLabel(Number(value), model.intervalMs, span),
      },
    },
    yAxis: {
      type: 'value',
      splitNumber: 3,
      minInterval: 1,
      axisLabel: { color: theme.dim, fontSize: 11, formatter: formatShort },
      splitLine: { lineStyle: { color: theme.line } },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: theme.color('--hover'), opacity: 0.7 } },
      backgroundColor: theme.surface,
      borderColor: theme.color('--line-strong'),
      textStyle: { color: theme.text },
      padding: [6, 10],
      transitionDuration: 0,
      confine: true,
      formatter: (points: { dataIndex: number }[]) => {
        const index = points[0]?.dataIndex ?? 0;
        const rows = model.series
          .filter((series) => series.values[index] !== 0)
          .map((series) => ({
            name: series.name,
            value: formatCount(series.values[index]!),
            color: theme.color(series.color),
          }))
          .reverse();
        return tooltipContent(`${bucketLabel(model.times[index]!, model.intervalMs)} UTC`, rows);
      },
    },
    series: model.series.map((series) => ({
      type: 'bar',
      name: series.name,
      stack: 'all',
      barCategoryGap: '18%',
      barMaxWidth: 26,
      itemStyle: { color: theme.color(series.color) },
      emphasis: { disabled: true },
      data: series.values,
    })),
  };
}
