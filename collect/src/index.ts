/** How bytes are collected: framing of streams, tailing of files. Shared by the server's inputs and the agent. */
export { countLines, createFrameSplitter } from './framing.ts';
export type { FrameError, Frames, FrameSplitter } from './framing.ts';
