/** One look for all charts, read from the page's CSS variables so that both themes are the same code. */
export interface ChartTheme {
  text: string;
  dim: string;
  line: string;
  surface: string;
  font: string;
  /** Colour of a custom property. */
  color: (property: string) => string;
}

export function readTheme(element: HTMLElement): ChartTheme {
  const style = getComputedStyle(element);
  const color = (property: string) => style.getPropertyValue(property).trim();
  return {
    text: color('--mantine-color-text'),
    dim: color('--mantine-color-dimmed'),
    line: color('--line'),
    surface: color('--surface'),
    font: style.fontFamily,
    color,
  };
}

/** Colours of unordered parts: one hue family, told apart by lightness, so that none looks like a severity. */
export const PART_COLORS = ['#4f5bd5', '#8791ea', '#2f9e9e', '#7fc4c0', '#9c6ade', '#c9b0f0', '#8f98a6'] as const;

export interface TooltipRow {
  name: string;
  value: string;
  color: string;
}

/** Tooltip content as DOM nodes: names come from logs, so no HTML string is ever built from them. */
export function tooltipContent(title: string, rows: readonly TooltipRow[]): HTMLElement {
  const root = document.createElement('div');
  root.style.cssText = 'font-size:12px;line-height:1.6;font-variant-numeric:tabular-nums';
  const head = document.createElement('div');
  head.textContent = title;
  head.style.fontWeight = '600';
  root.append(head);
  for (const { name, value, color } of rows) {
    const row = document.createElement('div');
    row.style.cssText = 'display:flex;align-items:center;gap:7px';
    const dot = document.createElement('span');
    dot.style.cssText = `width:8px;height:8px;border-radius:2px;background:${color}`;
    const label = document.createElement('span');
    label.textContent = name;
    label.style.cssText = 'flex:1;padding-right:14px';
    const number = document.createElement('span');
    number.textContent = value;
    row.append(dot, label, number);
    root.append(row);
  }
  return root;
}
