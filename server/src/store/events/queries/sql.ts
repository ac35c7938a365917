/** SQL text with its parameters: values never enter the text, they travel as `{p0:Type}` placeholders. */

export interface Sql {
  text: string;
  params: Record<string, unknown>;
}

export type Row = Record<string, unknown>;

export class Parameters {
  readonly values: Record<string, unknown> = {};
  private count = 0;

  /** Placeholder for `value` of ClickHouse type `type`. */
  bind(type: string, value: unknown): string {
    const name = `p${this.count++}`;
    this.values[name] = value;
    return `{${name}:${type}}`;
  }

  text(value: string): string {
    return this.bind('String', value);
  }
}
