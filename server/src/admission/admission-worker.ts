/** Worker thread: takes bodies, answers with the events in them. */
import { parentPort, type Transferable } from 'node:worker_threads';
import { admit } from './admit.ts';
import { AdmissionError, type Admitted, type AdmissionRequest } from './admitted.ts';

export interface AdmissionTask {
  id: number;
  body: Uint8Array;
  request: AdmissionRequest;
}
export type AdmissionAnswer =
  { id: number; admitted: Admitted } | { id: number; refused: { code: AdmissionError['code']; message: string } };

parentPort!.on('message', ({ id, body, request }: AdmissionTask) => {
  try {
    const admitted = admit(body, request);
    parentPort!.postMessage({ id, admitted } satisfies AdmissionAnswer, buffersOf(admitted));
  } catch (error) {
    if (!(error instanceof AdmissionError)) throw error;
    const { code, message } = error;
    parentPort!.postMessage({ id, refused: { code, message } } satisfies AdmissionAnswer);
  }
});

/** Buffers that can move instead of being copied; a plain-text payload may be part of the body's own. */
function buffersOf({ batches }: Admitted): Transferable[] {
  const buffers = new Set<ArrayBufferLike>();
  for (const { payload } of batches) if (payload.byteLength === payload.buffer.byteLength) buffers.add(payload.buffer);
  return [...buffers].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
