/** Table `users`. Names keep their spelling but are unique without regard to case. */
import type { Role } from '@vedette/contracts';
import { sql, type Compilable, type Kysely, type Selectable } from 'kysely';
import type { StateTables } from './schema.ts';

export interface UsersTable {
  id: string;
  username: string;
  username_folded: string;
  password_hash: string;
  role: Role;
  active: number;
  created_at: number;
  last_login_at: number | null;
}
export type UserRow = Selectable<UsersTable>;
export type NewUser = Pick<UserRow, 'id' | 'username' | 'password_hash' | 'role' | 'created_at'>;
export type UserChange = Partial<Pick<UserRow, 'password_hash' | 'role' | 'active'>>;

type Db = Kysely<StateTables>;

export function listUsers(db: Db): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().orderBy('username_folded').execute();
}

export function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findUserByName(db: Db, username: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('username_folded', '=', username.toLowerCase()).executeTakeFirst();
}

export async function anyUser(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Changes no row when the name is taken. */
export function insertUser(db: Db, user: NewUser): Compilable {
  return db
    .insertInto('users')
    .values({ ...user, username_folded: user.username.toLowerCase(), active: 1, last_login_at: null })
    .onConflict((conflict) => conflict.column('username_folded').doNothing());
}

/** The first administrator: changes no row unless there is no user yet and the set-up token is the valid one. */
export function insertFirstUser(db: Db, user: NewUser, setupTokenHash: string): Compilable {
  const folded = user.username.toLowerCase();
  return db
    .insertInto('users')
    .columns(['id', 'username', 'username_folded', 'password_hash', 'role', 'active', 'created_at'])
    .expression(
      db
        .selectFrom('setup_tokens')
        .where('hash', '=', setupTokenHash)
        .where(({ not, exists, selectFrom }) => not(exists(selectFrom('users').select('users.id'))))
        .select([
          sql.val(user.id).as('id'),
          sql.val(user.username).as('username'),
          sql.val(folded).as('username_folded'),
          sql.val(user.password_hash).as('password_hash'),
          sql.val(user.role).as('role'),
          sql.val(1).as('active'),
          sql.val(user.created_at).as('created_at'),
        ]),
    );
}

/** Changes no row when the user is gone, or when it would leave the system without an active administrator. */
export function updateUser(db: Db, id: string, change: UserChange): Compilable {
  const update = db.updateTable('users').set(change).where('id', '=', id);
  const demotes = (change.role !== undefined && change.role !== 'admin') || change.active === 0;
  return demotes ? update.where(someOtherAdmin(id)) : update;
}

/** Changes no row when the user is gone or is the last active administrator. Sessions go with the user. */
export function deleteUser(db: Db, id: string): Compilable {
  return db.deleteFrom('users').where('id', '=', id).where(someOtherAdmin(id));
}

export async function noteLogin(db: Db, id: string, at: number): Promise<void> {
  await db.updateTable('users').set({ last_login_at: at }).where('id', '=', id).execute();
}

/** True when the row is no active administrator itself, or another active one remains. */
function someOtherAdmin(id: string) {
  return sql<boolean>`(
    role <> 'admin' OR active = 0
    OR EXISTS (SELECT 1 FROM users AS other WHERE other.role = 'admin' AND other.active = 1 AND other.id <> ${id})
  )`;
}
