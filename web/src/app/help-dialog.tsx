/** All keyboard shortcuts. */
import { Dialog } from '../ui/dialog.tsx';
import classes from './help-dialog.module.css';

const GROUPS: readonly { title: string; keys: readonly [string, string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      ['Ctrl K', 'Jump to a page, address, user or alert'],
      ['/', 'Search on this page'],
      ['?', 'This help'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'Lists (alerts, rules, hunt)',
    keys: [
      ['j  k', 'Next, previous'],
      ['Enter', 'Open'],
    ],
  },
  {
    title: 'Alerts',
    keys: [
      ['a', 'Acknowledge'],
      ['i', 'Investigate, or reopen'],
      ['r', 'Resolve, with a reason'],
      ['f', 'False positive'],
      ['x', 'Select for bulk actions'],
    ],
  },
  { title: 'Live feed', keys: [['Space', 'Pause and go on']] },
  {
    title: 'Charts over time',
    keys: [
      ['← →', 'Move along the bars'],
      ['Enter', 'Zoom into the bar'],
    ],
  },
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" size={620} onClose={onClose}>
      <div className={classes.groups}>
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.keys}>
              {keys.map(([key, action]) => (
                <div key={key}>
                  <dt>
                    {key.split('  ').map((part) => (
                      <kbd key={part}>{part}</kbd>
                    ))}
                  </dt>
                  <dd>{action}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
