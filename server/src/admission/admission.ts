/**
 * Takes HTTP bodies in, off the main loop: workers decompress, split and check them, so that a zip bomb or 64 MiB of
 * JSON costs other requests nothing. A worker that dies takes its requests' answers with it (they are asked to try
 * again) and is replaced. What bodies may hold in memory together is bounded: `reserve` before reading one.
 */
import { Worker } from 'node:worker_threads';
import { AdmissionError, type Admitted, type AdmissionRequest } from './admitted.ts';
import type { AdmissionAnswer, AdmissionTask } from './admission-worker.ts';

export interface Admission {
  /** Rejects with AdmissionError when the body as a whole is refused; AdmissionError `unavailable` asks to try again. */
  admit(body: Uint8Array, request: AdmissionRequest): Promise<Admitted>;
  /** Reserves memory for `bytes` of a body; false when there is none. */
  reserve(bytes: number): boolean;
  free(bytes: number): void;
  close(): Promise<void>;
}

export interface AdmissionOptions {
  workers?: number;
  /** Bytes of bodies that may be read and waiting at the same time. */
  maxPendingBytes?: number;
}

interface Pending {
  resolve(admitted: Admitted): void;
  reject(error: Error): void;
}
interface Slot {
  worker: Worker;
  pending: Map<number, Pending>;
}

const WORKER_FILE = new URL('./admission-worker.ts', import.meta.url);
const MAX_HEAP_MB = 512;

export function createAdmission({
  workers = 1,
  maxPendingBytes = 128 * 1024 * 1024,
}: AdmissionOptions = {}): Admission {
  const slots: Slot[] = Array.from({ length: workers }, startSlot);
  let reserved = 0;
  let nextId = 0;
  let closed = false;

  function startSlot(): Slot {
    const slot: Slot = { worker: startWorker(), pending: new Map() };
    watch(slot);
    return slot;
  }

  function watch(slot: Slot): void {
    const { worker } = slot;
    worker.on('message', (answer: AdmissionAnswer) => {
      const pending = slot.pending.get(answer.id);
      slot.pending.delete(answer.id);
      if ('admitted' in answer) pending?.resolve(answer.admitted);
      else pending?.reject(new AdmissionError(answer.refused.code, answer.refused.message));
    });
    // An error is always followed by the exit.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      for (const { reject } of slot.pending.values())
        reject(new AdmissionError('unavailable', 'The body could not be read. Send it again, in smaller parts.'));
      slot.pending.clear();
      if (closed) return;
      slot.worker = startWorker();
      watch(slot);
    });
  }

  return {
    admit(body, request) {
      if (closed) return Promise.reject(new AdmissionError('unavailable', 'The server is stopping.'));
      const slot = slots.reduce((least, other) => (other.pending.size < least.pending.size ? other : least));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        slot.pending.set(id, { resolve, reject });
        const isOwnBuffer = body.byteLength === body.buffer.byteLength && body.buffer instanceof ArrayBuffer;
        const task: AdmissionTask = { id, body, request };
        slot.worker.postMessage(task, isOwnBuffer ? [body.buffer as ArrayBuffer] : []);
      });
    },
    reserve(bytes) {
      if (reserved > 0 && reserved + bytes > maxPendingBytes) return false;
      reserved += bytes;
      return true;
    },
    free(bytes) {
      reserved -= bytes;
    },
    async close() {
      closed = true;
      await Promise.all(slots.map(({ worker }) => worker.terminate()));
    },
  };
}

function startWorker(): Worker {
  const worker = new Worker(WORKER_FILE, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
  worker.unref();
  return worker;
}
