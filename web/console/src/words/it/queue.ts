/** Le parole della coda. */
import { counting } from '../counting.ts';
import type { Words } from '../en/index.ts';

const n = counting('it');

export const queue: Words['queue'] = {
  empty: 'Nessun messaggio in attesa',
  emptyText:
    'Quello che non si può consegnare subito aspetta qui; non va perso nulla, e si consegna da solo.',
  waiting: (count) => n(count, 'destinatario in attesa', 'destinatari in attesa'),
  oldest: (span) => `il più vecchio da ${span}`,
  priorities: { urgent: 'urgente', personal: 'personale', bulk: 'di massa' },
  attempts: (count) => n(count, 'tentativo', 'tentativi'),
  due: 'Prossimo tentativo',
  message: 'Messaggio',
  messageTitle: (id) => `Messaggio ${id}`,
  sender: 'Mittente',
  received: 'Ricevuto',
  size: 'Dimensione',
  priority: 'Priorità',
  recipients: 'Chi lo aspetta',
  gone: 'Nessuno aspetta questo messaggio',
  goneText: 'Nel frattempo è stato consegnato.',
};
