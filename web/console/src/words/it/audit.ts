/** Le parole del registro degli ordini. */
import type { Words } from '../en/index.ts';

export const audit: Words['audit'] = {
  text: 'Ogni ordine che cambia qualcosa, di chi e com’è finito. Può solo crescere.',
  none: 'Non è stato ancora ordinato nulla',
  noneText: 'Il primo ordine che cambia qualcosa sarà qui.',
  begins: 'cominciato',
  done: 'fatto',
  refused: 'rifiutato',
  wrong: 'fatto, qualcosa non va',
  older: 'Più vecchi',
  end: 'Non c’è altro.',
  staff: 'Chi lavora qui',
  staffText: 'Le persone si aggiungono e si tolgono sulla macchina: casella staff.',
  log: 'Ordini',
};
