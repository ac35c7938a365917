/** Holds an ECharts instance in an element: created when the engine has loaded, resized with the element, disposed. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { readTheme, type ChartTheme } from './chart-theme.ts';
import type { EChartsCoreOption, EChartsType } from './engine.ts';

/** `option` is called again whenever the data or the theme changes. */
export function useChart(
  element: RefObject<HTMLDivElement | null>,
  option: (theme: ChartTheme) => EChartsCoreOption,
  dependencies: readonly unknown[],
): EChartsType | null {
  const [chart, setChart] = useState<EChartsType | null>(null);
  const scheme = useComputedColorScheme('light');
  const latest = useRef(option);
  useEffect(() => {
    latest.current = option;
  });
  useEffect(() => {
    let gone = false;
    let created: EChartsType | undefined;
    let observer: ResizeObserver | undefined;
    void import('./engine.ts').then(({ init }) => {
      if (gone || !element.current) return;
      const instance = init(element.current);
      created = instance;
      observer = new ResizeObserver(() => instance.resize());
      observer.observe(element.current);
      setChart(instance);
    });
    return () => {
      gone = true;
      observer?.disconnect();
      created?.dispose();
      setChart(null);
    };
  }, [element]);
  useEffect(() => {
    if (chart && element.current)
      chart.setOption({ animation: false, ...latest.current(readTheme(element.current)) }, { notMerge: true });
    // eslint-disable-next-line @typescript-eslint/no-unused-expressions
    scheme;
  }, [chart, element, scheme, ...dependencies]);
  return chart;
}
