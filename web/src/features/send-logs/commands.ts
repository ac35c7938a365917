/** The commands that send logs, ready to paste. Pure: server address and key in, text out. */
export interface SendContext {
  /** The console's own address, `http://127.0.0.1:8431`. */
  url: string;
  /** The ingest key; undefined until one is made. */
  key: string | undefined;
  /** Where syslog is listening. */
  syslog: { host: string; port: number };
}

export interface SendCommand {
  id: string;
  title: string;
  about: string;
  command: string;
  /** The command carries the key. */
  needsKey: boolean;
}

export const KEY_PLACEHOLDER = '$VEDETTE_KEY';

export function sendCommands({ url, key = KEY_PLACEHOLDER, syslog }: SendContext): SendCommand[] {
  const { hostname, port, protocol } = new URL(url);
  const tls = protocol === 'https:';
  return [
    {
      id: 'http',
      title: 'HTTP',
      about: 'One JSON event or log line per line.',
      needsKey: true,
      command: [
        `curl ${url}/api/v1/events \\`,
        `  -H "Authorization: Bearer ${key}" \\`,
        `  -H "Content-Type: application/x-ndjson" \\`,
        `  --data-binary '{"source_type":"auth","event_type":"login_failure","source_ip":"10.0.0.1","username":"root"}'`,
      ].join('\n'),
    },
    {
      id: 'syslog',
      title: 'Syslog',
      about: 'Any program that speaks syslog, over UDP or TCP.',
      needsKey: false,
      command: `logger -n ${syslog.host} -P ${syslog.port} -d -t sshd "Failed password for root from 10.0.0.1 port 4242 ssh2"`,
    },
    {
      id: 'files',
      title: 'Files',
      about: 'Whole files; the format is detected.',
      needsKey: true,
      command: `npx vedette send /var/log/auth.log --url ${url} --key ${key}`,
    },
    {
      id: 'rsyslog',
      title: 'rsyslog',
      about: 'Everything a host logs; needs the package rsyslog-elasticsearch. In /etc/rsyslog.d/60-vedette.conf:',
      needsKey: true,
      command: [
        'module(load="omelasticsearch")',
        'template(name="vedette" type="list" option.jsonf="on") {',
        '  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")',
        '  property(outname="host" name="hostname" format="jsonf")',
        '  property(outname="message" name="rawmsg" format="jsonf")',
        '}',
        `action(type="omelasticsearch" server="${hostname}" serverport="${port || (tls ? '443' : '80')}"${tls ? ' usehttps="on"' : ''}`,
        `  template="vedette" searchIndex="logs" bulkmode="on" uid="vedette" pwd="${key}")`,
      ].join('\n'),
    },
  ];
}

/** Ten failed logins within seconds: the brute-force rule fires on them. */
export function tryItCommand({ syslog }: Pick<SendContext, 'syslog'>): string {
  return (
    `for i in $(seq 10); do logger -n ${syslog.host} -P ${syslog.port} -d -t sshd ` +
    `"Failed password for root from 203.0.113.7 port $((40000 + i)) ssh2"; done`
  );
}

/** Host and port of the syslog listener among the inputs: `127.0.0.1:5514` → a host that a client can use. */
export function syslogAddress(
  inputs: readonly { name: string; address: string; ok: boolean }[],
  pageHost: string,
): { host: string; port: number } {
  const wanted = inputs.filter((input) => /syslog/i.test(input.name) && !/tls/i.test(input.name));
  const udp = wanted.find((input) => /udp/i.test(`${input.name} ${input.address}`)) ?? wanted[0];
  const match = /^(?:\w+:\/\/)?(.*):(\d+)$/.exec(udp?.address ?? '');
  const host = (match?.[1] ?? '127.0.0.1').replace(/^\[|\]$/g, '');
  const anyAddress = host === '' || host === '0.0.0.0' || host === '::';
  return { host: anyAddress ? pageHost : host, port: Number(match?.[2] ?? 5514) };
}
