/**
 * The columns of table `events`, derived from the promoted fields: adding a field to the table in `contracts` adds its
 * column here, to the block encoder and to the query language, and `tables.ts` adds it to an existing store.
 */
import { PROMOTED_FIELDS, type FieldKind, type PromotedField, type PromotedProp } from '@vedette/contracts';

export interface Column {
  readonly name: string;
  /** Dotted ECS name. */
  readonly ecs: string;
  readonly prop: PromotedProp;
  readonly kind: FieldKind;
}

/** ClickHouse type of each kind. `ip` is always IPv6: IPv4 is mapped into ::ffff:0:0/96, `::` is "absent". */
export const COLUMN_TYPES: Readonly<Record<FieldKind, string>> = {
  time: "DateTime64(3, 'UTC')",
  tag: 'LowCardinality(String)',
  text: 'String',
  ip: 'IPv6',
  u8: 'UInt8',
  u16: 'UInt16',
  u32: 'UInt32',
  u64: 'UInt64',
};

/** Column name of a promoted property: its snake form (`sourceIp` → `source_ip`). */
export function columnName(prop: string): string {
  return prop.replace(/[A-Z]/g, (part) => `_${part.toLowerCase()}`);
}

export const COLUMNS: readonly Column[] = PROMOTED_FIELDS.map((field: PromotedField) => ({
  name: columnName(field.prop),
  ecs: field.ecs,
  prop: field.prop as PromotedProp,
  kind: field.kind,
}));

/** ECS name → column. */
export const columnByEcs: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.ecs, column]));

/** Property → column. */
export const promotedByProp: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.prop, column]));

/** Column of a property. */
export function column(prop: PromotedProp): Column {
  return promotedByProp.get(prop)!;
}

/** Set in `message_at` when the slice of `raw` is a JSON string literal that holds the message, quotes included. */
export const MESSAGE_IS_JSON = 0x8000_0000;
