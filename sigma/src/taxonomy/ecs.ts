/**
 * The ECS alias table: under which ECS name a rule's field is found in events that are not from Windows, by the rule's
 * log source. A field without an alias keeps its name (the source's own record is part of the view).
 */
import type { SigmaLogsource } from '../ast/document.ts';

/** Raised whenever a mapping changes, so that stored matches can be told apart. */
export const ECS_ALIASES_VERSION = 1;

type Aliases = Readonly<Record<string, string>>;

const ADDRESSES: Aliases = {
  src_ip: 'source.ip',
  src_port: 'source.port',
  dst_ip: 'destination.ip',
  dst_port: 'destination.port',
};
const PROCESS: Aliases = {
  Image: 'process.executable',
  CommandLine: 'process.command_line',
  CurrentDirectory: 'process.working_directory',
  ProcessId: 'process.pid',
  ParentImage: 'process.parent.executable',
  ParentCommandLine: 'process.parent.command_line',
  ParentProcessId: 'process.parent.pid',
  User: 'user.name',
};
const FILE: Aliases = { ...PROCESS, TargetFilename: 'file.path' };
const CONNECTION: Aliases = {
  ...PROCESS,
  SourceIp: 'source.ip',
  SourcePort: 'source.port',
  DestinationIp: 'destination.ip',
  DestinationPort: 'destination.port',
  DestinationHostname: 'destination.domain',
  Protocol: 'network.transport',
};
const WEB: Aliases = {
  ...ADDRESSES,
  'c-ip': 'source.ip',
  'c-uri': 'url.original',
  'c-uri-extension': 'url.extension',
  'c-uri-query': 'url.query',
  'c-uri-stem': 'url.path',
  'c-useragent': 'user_agent.original',
  'cs-bytes': 'http.request.bytes',
  'cs-host': 'url.domain',
  'cs-method': 'http.request.method',
  'cs-referer': 'http.request.referrer',
  'cs-referrer': 'http.request.referrer',
  'cs-uri': 'url.original',
  'cs-uri-query': 'url.query',
  'cs-uri-stem': 'url.path',
  'cs-user-agent': 'user_agent.original',
  'cs-username': 'user.name',
  'r-dns': 'url.domain',
  's-ip': 'destination.ip',
  'sc-bytes': 'http.response.bytes',
  'sc-status': 'http.response.status_code',
};
const DNS: Aliases = {
  ...ADDRESSES,
  answer: 'dns.answers.data',
  query: 'dns.question.name',
  record_type: 'dns.question.type',
};
const FIREWALL: Aliases = { ...ADDRESSES, action: 'event.action', protocol: 'network.transport' };
const LOGIN: Aliases = {
  ...ADDRESSES,
  COMMAND: 'process.command_line',
  PWD: 'process.working_directory',
  USER: 'user.target.name',
  User: 'user.name',
  hostname: 'host.name',
  user: 'user.name',
  username: 'user.name',
};
const ZEEK: Aliases = { 'c-uri': 'uri', 'c-useragent': 'user_agent' };
const ANTIVIRUS: Aliases = {};

const BY_CATEGORY: Readonly<Record<string, Aliases>> = {
  antivirus: ANTIVIRUS,
  dns: DNS,
  file_event: FILE,
  firewall: FIREWALL,
  network_connection: CONNECTION,
  process_creation: PROCESS,
  proxy: WEB,
  webserver: WEB,
};
const BY_SERVICE: Readonly<Record<string, Aliases>> = {
  apache: WEB,
  auth: LOGIN,
  cron: LOGIN,
  nginx: WEB,
  sshd: LOGIN,
  su: LOGIN,
  sudo: LOGIN,
  syslog: LOGIN,
};

/** View key of a rule's field. */
export function resolveField(field: string, logsource: SigmaLogsource): string {
  const aliases = aliasesOf(logsource);
  return aliases !== undefined && Object.hasOwn(aliases, field) ? aliases[field]! : field;
}

function aliasesOf({ product, category, service }: SigmaLogsource): Aliases | undefined {
  if (product === 'windows') return undefined;
  if (product === 'zeek') return ZEEK;
  if (category !== undefined && Object.hasOwn(BY_CATEGORY, category)) return BY_CATEGORY[category];
  return service !== undefined && Object.hasOwn(BY_SERVICE, service) ? BY_SERVICE[service] : undefined;
}
