/** The words of the queue. */
import { counting } from '../counting.ts';

const n = counting('en');

export const queue = {
  empty: 'No mail waits',
  emptyText: 'What can’t be filed at once waits here; nothing of it is lost, and it is filed by itself.',
  waiting: (count: number) => `${n(count, 'recipient waits', 'recipients wait')}`,
  oldest: (span: string) => `the oldest for ${span}`,
  priorities: { urgent: 'urgent', personal: 'personal', bulk: 'bulk' } as Record<string, string>,
  attempts: (count: number) => n(count, 'attempt', 'attempts'),
  due: 'Next attempt',
  message: 'Message',
  messageTitle: (id: string) => `Message ${id}`,
  sender: 'Sender',
  received: 'Received',
  size: 'Size',
  priority: 'Priority',
  recipients: 'Who waits for it',
  gone: 'Nobody waits for this message',
  goneText: 'It was filed meanwhile.',
};
