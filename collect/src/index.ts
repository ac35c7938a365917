/** How bytes are collected: framing of streams, tailing of files. Shared by the server's inputs and the agent. */
export type { FileMark } from './file-mark.ts';
export { createFileTail } from './file-tail.ts';
export type { FileTail, FileTailOptions } from './file-tail.ts';
export { countLines, createFrameSplitter } from './framing.ts';
export type { FrameError, Frames, FrameSplitter } from './framing.ts';
export { openTailState } from './tail-state.ts';
export type { TailState } from './tail-state.ts';
export type { Piece } from './tailed-file.ts';
