/** A request body → the events in it. Pure and synchronous; runs in the admission workers. */
import { DEFAULT_LIMITS, type Admitted, type AdmissionLimits, type AdmissionRequest } from './admitted.ts';
import { readBulkBody } from './bulk-body.ts';
import { decompress } from './decompress.ts';
import { readEventsBody } from './events-body.ts';

/** Throws AdmissionError when the body as a whole is refused. */
export function admit(body: Uint8Array, request: AdmissionRequest, limits: AdmissionLimits = DEFAULT_LIMITS): Admitted {
  const opened = decompress(body, request.contentEncoding, limits.maxBytes);
  const bytes = Buffer.from(opened.buffer, opened.byteOffset, opened.byteLength);
  return request.kind === 'bulk' ? readBulkBody(bytes, request.index, limits) : readEventsBody(bytes, request, limits);
}
