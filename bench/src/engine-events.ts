/**
 * Windows events for the engine's benchmark: the corpora's own lines, changed anew for every repetition where real
 * telemetry changes (ids, times, process and port numbers, random tokens), so that no memo lives off the repetition.
 */
import { readIndex, readLines } from '@vedette/sigma/conformance/corpora';

/** All lines of a corpus (`evtx` or `otrf`). */
export function corpusLines(corpora: string, name: string): string[] {
  return readIndex(corpora, name).flatMap(({ file }) => readLines(corpora, name, file));
}

/** Seeded 32-bit generator (xorshift). */
export function createRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const GUID = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/g;
const HANDLE = /0x[0-9a-fA-F]{4,16}/g;
const CLOCK = /\d{2}:\d{2}:\d{2}\.\d{3}/g;
const PROCESS_ID = /(Process ?I[dD](?:\\t)*[":]+\s*"?)\d+/g;
const NUMBER = /("(?:SourcePort|RecordNumber|EventRecordID|ThreadID|SourceHandleId)": "?)\d+/g;
const COMMAND = /("(?:CommandLine|ScriptBlockText|TargetObject|TargetFilename|Details)": ")/g;

/** The line with other values; still valid JSON and of much the same length. */
export function varyLine(line: string, random: () => number): string {
  const hex = (length: number): string => {
    let text = '';
    while (text.length < length) text += random().toString(16).padStart(8, '0');
    return text.slice(0, length);
  };
  const two = (limit: number): string => String(random() % limit).padStart(2, '0');
  return line
    .replace(GUID, () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`)
    .replace(HANDLE, (handle) => `0x${hex(handle.length - 2)}`)
    .replace(CLOCK, () => `${two(24)}:${two(60)}:${two(60)}.${String(random() % 1000).padStart(3, '0')}`)
    .replace(PROCESS_ID, (_, before: string) => before + String(1000 + (random() % 60_000)))
    .replace(NUMBER, (_, before: string) => before + String(1000 + (random() % 60_000)))
    .replace(COMMAND, (before) => (random() % 4 === 0 ? `${before}${hex(6)} ` : before));
}
