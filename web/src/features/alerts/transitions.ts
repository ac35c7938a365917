/** What can be done to alerts, by status and role. Pure. */
import { TRANSITIONS, type Status } from '@vedette/contracts';

export interface Action {
  key: 'a' | 'i' | 'r' | 'f';
  to: Status;
  label: string;
  /** Closing needs a reason. */
  closes: boolean;
}

const ACTIONS: readonly Action[] = [
  { key: 'a', to: 'acknowledged', label: 'Acknowledge', closes: false },
  { key: 'i', to: 'investigating', label: 'Investigate', closes: false },
  { key: 'r', to: 'resolved', label: 'Resolve', closes: true },
  { key: 'f', to: 'false_positive', label: 'False positive', closes: true },
];

/** Legal actions for an alert of `status`; a closed one can be reopened. */
export function actionsFor(status: Status): Action[] {
  const closed = status === 'resolved' || status === 'false_positive';
  return ACTIONS.filter((action) => TRANSITIONS[status].includes(action.to)).map((action) =>
    closed ? { ...action, label: 'Reopen' } : action,
  );
}

/** Actions that are legal for every one of `statuses`. */
export function sharedActions(statuses: readonly Status[]): Action[] {
  return ACTIONS.filter(
    (action) => statuses.length > 0 && statuses.every((status) => TRANSITIONS[status].includes(action.to)),
  );
}

export function actionByKey(key: string): Action | undefined {
  return ACTIONS.find((action) => action.key === key);
}
