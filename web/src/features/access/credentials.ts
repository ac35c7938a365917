/** What is wrong with the set-up form, in words; undefined where nothing is. Pure. */
import { passwordSchema, usernameSchema } from '@vedette/contracts';

export interface SetupForm {
  username: string;
  password: string;
  repeated: string;
}
export type SetupProblems = Partial<Record<keyof SetupForm, string>>;

export function setupProblems(form: SetupForm): SetupProblems {
  const problems: SetupProblems = {};
  const username = usernameSchema.safeParse(form.username);
  if (!username.success) problems.username = username.error.issues[0]!.message;
  const password = passwordSchema.safeParse(form.password);
  if (!password.success) problems.password = password.error.issues[0]!.message;
  else if (form.username.length >= 3 && form.password.toLowerCase().includes(form.username.toLowerCase()))
    problems.password = 'The password must not contain the user name.';
  if (form.password !== form.repeated) problems.repeated = 'The two passwords differ.';
  return problems;
}

/** The token of a set-up link's fragment, `#token=…`; '' when there is none. */
export function tokenOf(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? '';
}
