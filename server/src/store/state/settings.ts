/** Table `settings`: values that the program makes for itself and that every node of one installation shares. */
import type { Kysely } from 'kysely';
import type { StateTables } from './schema.ts';

export interface SettingsTable {
  name: string;
  value: string;
}

type Db = Kysely<StateTables>;

/** The setting's value; the first caller's `initial` becomes it. Safe against a second process doing the same. */
export async function settingOrInitial(db: Db, name: string, initial: string): Promise<string> {
  await db
    .insertInto('settings')
    .values({ name, value: initial })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirstOrThrow();
  return row.value;
}
