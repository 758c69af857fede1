/** Mail that waits: for whom, since when and why. Never what is in it. */
import type { Facts } from './facts.ts';
import type { Order } from './order.ts';

export interface Waiting {
  arrival: string;
  message: string;
  priority: string;
  account: string;
  address: string;
  received: string;
  bytes: number;
  attempts: number;
  due: string | null;
  why: string | null;
}

const waiting = (row: Facts): Waiting => ({
  arrival: row.text('arrival'),
  message: row.text('message'),
  priority: row.text('priority'),
  account: row.text('account'),
  address: row.text('address'),
  received: row.text('received'),
  bytes: row.number('bytes'),
  attempts: row.number('attempts'),
  due: row.maybeText('due'),
  why: row.maybeText('why'),
});

export interface Queue {
  recipients: number;
  priorities: { urgent: number; personal: number; bulk: number };
  bytes: number;
  oldestSeconds: number;
  waiting: Waiting[];
  more: boolean;
}

export function queueList(): Order<Queue> {
  return {
    name: 'queue-list',
    fields: {},
    read: ({ facts, rows, more }) => ({
      recipients: facts.number('recipients'),
      priorities: {
        urgent: facts.count('urgent'),
        personal: facts.count('personal'),
        bulk: facts.count('bulk'),
      },
      bytes: facts.number('bytes'),
      oldestSeconds: facts.number('oldestSeconds'),
      waiting: rows.map(waiting),
      more,
    }),
  };
}

export interface QueuedMessage {
  message: string;
  priority: string;
  received: string;
  sender: string;
  bytes: number;
  recipients: number;
  waiting: Waiting[];
}

export function queueShow(message: string): Order<QueuedMessage> {
  return {
    name: 'queue-show',
    fields: { message },
    read: ({ facts, rows }) => ({
      message: facts.text('message'),
      priority: facts.text('priority'),
      received: facts.text('received'),
      sender: facts.maybeText('sender') ?? '',
      bytes: facts.number('bytes'),
      recipients: facts.number('recipients'),
      waiting: rows.map(waiting),
    }),
  };
}
