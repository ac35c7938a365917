/** Every input that is not part of the HTTP API. A new one is one file here and one line below. */
import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { TlsMaterial } from '../tls/tls.ts';
import { createFileTailInput } from './file-tail.ts';
import type { Input, InputDependencies } from './input.ts';
import { createSyslogTcp } from './syslog-tcp.ts';
import { createSyslogUdp } from './syslog-udp.ts';

export { recoverFileMarks } from './file-tail.ts';
export type { Input, InputStatus } from './input.ts';

export interface InputsOptions extends InputDependencies {
  config: Pick<Config, 'syslog' | 'files'>;
  /** For syslog over TLS. */
  tls: Pick<TlsMaterial, 'key' | 'cert'> | undefined;
  /** The data folder: places in files are kept there. */
  directory: string;
}

export function createInputs({ config, tls, directory, ...dependencies }: InputsOptions): Input[] {
  const { port, tlsPort, tlsClientCa, allowFrom, maxFrameBytes } = config.syslog;
  const inputs = [
    createSyslogUdp(dependencies, { port, allowFrom }),
    createSyslogTcp(dependencies, { port, allowFrom, maxFrameBytes }),
  ];
  if (tls && tlsPort !== undefined) {
    const clientCa = tlsClientCa === undefined ? {} : { clientCa: readFileSync(tlsClientCa, 'utf8') };
    const secured = { key: tls.key, cert: tls.cert, ...clientCa };
    inputs.push(createSyslogTcp(dependencies, { port: tlsPort, allowFrom, maxFrameBytes, tls: secured }));
  }
  if (config.files.length > 0) inputs.push(createFileTailInput(dependencies, { files: config.files, directory }));
  return inputs;
}
