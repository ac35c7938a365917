/** Made-up events for the store's benchmark, in the proportions that make a store work: addresses, users and numbers vary. */
import { EcsEvent, type ExtraValue } from '@vedette/contracts';
import { createRandom } from './engine-events.ts';

export type MakeEvent = (id: number) => EcsEvent;

const START = Date.UTC(2026, 1, 6);
const USERS = ['root', 'admin', 'oracle', 'test', 'ubuntu', 'git', 'backup', 'alice', 'bob', 'deploy'];
const IMAGES = [
  'cmd',
  'powershell',
  'svchost',
  'chrome',
  'explorer',
  'rundll32',
  'teams',
  'msbuild',
  'whoami',
  'conhost',
];
const FOLDERS = ['C:\\Windows\\System32', 'C:\\Program Files\\Vendor\\App', 'C:\\Users\\alice\\AppData\\Local\\Temp'];

/** sshd failures and logins, ten a second of event time, as the syslog parser makes them. */
export function sshdEvents(seed: number): MakeEvent {
  const random = createRandom(seed);
  const pick = (values: readonly string[]) => values[random() % values.length]!;
  return (id) => {
    const event = new EcsEvent();
    const failed = random() % 10 > 0;
    const user = random() % 4 === 0 ? `user${random() % 2000}` : pick(USERS);
    const address = `${1 + (random() % 220)}.${random() % 40}.${random() % 40}.${1 + (random() % 250)}`;
    const port = 1024 + (random() % 64_000);
    const pid = 1000 + (random() % 30_000);
    const host = `web${random() % 40}`;
    event.id = id;
    event.timestamp = START + id * 100;
    event.ingested = event.timestamp + 300;
    event.severity = failed ? 5 : 3;
    event.source = `syslog 10.0.0.${random() % 40}`;
    event.sourceType = 'auth';
    event.dataset = 'linux.sshd';
    event.category = 'authentication';
    event.type = 'start';
    event.action = 'ssh_login';
    event.outcome = failed ? 'failure' : 'success';
    event.hostName = host;
    event.userName = user;
    event.sourceIp = address;
    event.sourcePort = port;
    event.processName = 'sshd';
    event.processPid = pid;
    event.protocol = 'ssh';
    event.transport = 'tcp';
    if (random() % 500 === 0) {
      event.intelIp = address;
      event.intelLevel = 1 + (random() % 9);
    }
    event.message = `${failed ? 'Failed' : 'Accepted'} password for ${user} from ${address} port ${port} ssh2`;
    event.raw = `${new Date(event.timestamp).toISOString()} ${host} sshd[${pid}]: ${event.message}`;
    event.setExtra('sshd.method', 'password');
    return event;
  };
}

/** Process creations of about 2 KB with 23 record keys, as the Windows parser makes them. */
export function windowsEvents(seed: number): MakeEvent {
  const random = createRandom(seed);
  const pick = (values: readonly string[]) => values[random() % values.length]!;
  const hex = (length: number) =>
    Array.from({ length: Math.ceil(length / 8) }, () => random().toString(16).padStart(8, '0'))
      .join('')
      .slice(0, length);
  return (id) => {
    const event = new EcsEvent();
    event.id = id;
    event.timestamp = START + id * 100;
    event.ingested = event.timestamp + 300;
    const image = `${pick(FOLDERS)}\\${pick(IMAGES)}.exe`;
    const parent = `${pick(FOLDERS)}\\${pick(IMAGES)}.exe`;
    const host = `WKS${random() % 200}.corp.example`;
    const record: Record<string, ExtraValue> = {
      RuleName: '-',
      UtcTime: new Date(event.timestamp).toISOString(),
      ProcessGuid: `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`,
      ProcessId: String(1000 + (random() % 30_000)),
      Image: image,
      FileVersion: `10.0.${random() % 30}.1`,
      Description: 'Vendor application host process',
      Product: 'Vendor Operating System',
      Company: 'Vendor Corporation',
      OriginalFileName: image.slice(image.lastIndexOf('\\') + 1),
      CommandLine: `"${image}" --run ${hex(12)} --type=renderer --field-trial-handle=${random() % 100_000}`,
      CurrentDirectory: pick(FOLDERS),
      User: `CORP\\${pick(USERS)}`,
      LogonGuid: `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`,
      LogonId: `0x${hex(5)}`,
      TerminalSessionId: String(random() % 3),
      IntegrityLevel: pick(['Low', 'Medium', 'High', 'System']),
      Hashes: `SHA1=${hex(40)},MD5=${hex(32)},SHA256=${hex(64)},IMPHASH=${hex(32)}`,
      ParentProcessGuid: `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`,
      ParentProcessId: String(1000 + (random() % 30_000)),
      ParentImage: parent,
      ParentCommandLine: `"${parent}" -k netsvcs`,
      EventRecordID: 100_000 + id,
    };
    event.sourceType = 'windows';
    event.dataset = 'windows.sysmon';
    event.category = 'process';
    event.source = 'wec1';
    event.channel = 'Microsoft-Windows-Sysmon/Operational';
    event.provider = 'Microsoft-Windows-Sysmon';
    event.code = '1';
    event.severity = 4;
    event.hostName = host;
    event.userName = record['User'] as string;
    event.processExecutable = image;
    event.processCommandLine = record['CommandLine'] as string;
    event.parentExecutable = parent;
    event.parentCommandLine = record['ParentCommandLine'] as string;
    event.processPid = Number(record['ProcessId']);
    event.record = record;
    event.recordPrefix = 'winlog.event_data.';
    event.message = `Process Create:\r\n${Object.entries(record)
      .map(([key, value]) => `${key}: ${String(value)}`)
      .join('\r\n')}`;
    event.raw = JSON.stringify({
      Hostname: host,
      Channel: event.channel,
      EventID: 1,
      Message: event.message,
      ...record,
    });
    return event;
  };
}
