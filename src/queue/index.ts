import { createInProcessQueue } from './in-process.ts';
import type { Queue, QueueParts } from './queue.ts';

/** Every kind of queue, one line each. */
const queues = {
  'in-process': createInProcessQueue,
} satisfies Record<string, (parts: QueueParts) => Queue>;

export function openQueue(kind: keyof typeof queues, parts: QueueParts): Queue {
  return queues[kind](parts);
}
