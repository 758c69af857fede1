/** Le parole delle esercitazioni. */
import type { Words } from '../en/index.ts';

export const drills: Words['drills'] = {
  text: 'Un’esercitazione rompe apposta qualcosa nel server acceso, per poco tempo, e misura che cosa ne vedono le persone. Finisce subito se si rompe altro, o se qualcuno non vede nulla per 10 s.',
  run: 'Esegui',
  runTitle: (name) => `Eseguire ${name}`,
  stop: 'Ferma l’esercitazione in corso',
  stopSays: 'Il guasto finisce ora; il rapporto si scrive quando tutto è come prima.',
  stopped: 'Fermata.',
  cohort: 'A chi tocca',
  cohortHint: 'all, un gruppo come slice-07, o un indirizzo.',
  time: 'Per quanto tempo',
  timeHint: 'Da 1s a 10m, per esempio 60s.',
  technology: 'Tecnologia',
  technologyHint: 'Solo per technology-gone; vuoto per quella del primo archivio.',
  scale: 'Quanto si misura',
  small: 'poco: 8 caselle, un messaggio al secondo',
  full: 'tanto: 64 caselle, dieci messaggi al secondo',
  ran: 'L’esercitazione è finita.',
  passed: 'È andato tutto bene.',
  notPassed: 'Qualcosa non è andato bene.',
  aborted: (why) => `Interrotta: ${why}`,
  figures: (accepted, refused, lost) => `${accepted} messaggi accettati, ${refused} rifiutati, ${lost} persi`,
  wrong: (duplicated, identifiers, bytes) =>
    `${duplicated} doppi, ${identifiers} identificativi cambiati, ${bytes} byte sbagliati serviti`,
  dark: (minutes) => `${minutes} minuti in cui qualcuno non vedeva nulla`,
  dialTone: (millis) => `le persone erano servite di nuovo dopo ${millis} ms`,
  held: (what, held) => `${held ? 'mantenuto' : 'NON mantenuto'}: ${what}`,
  reportIn: (folder) => `Il rapporto è in ${folder}.`,
  about: {
    'engine-hung': 'Le chiamate al motore restano appese. Si dovrebbe vedere al più una pausa di 2 s.',
    'engine-gone': 'Il motore rifiuta le chiamate. Si dovrebbe vedere al più una pausa di 2 s.',
    'vault-slow':
      'L’archivio letto per primo risponde con 0,7 s di ritardo. Nessuno dovrebbe aspettare di più.',
    'vault-gone': 'L’archivio letto per primo rifiuta le chiamate. Nessuno dovrebbe accorgersene.',
    'vault-lying': 'L’archivio letto per primo risponde con byte sbagliati. Nessuno dovrebbe accorgersene.',
    'technology-gone': 'Tutte le parti di una tecnologia rifiutano le chiamate. Al più una pausa.',
    'tail-gone':
      'La coda del giornale non prende e non dà nulla. Si continua a leggere; le modifiche si rifiutano.',
    'everything-gone': 'Motore e archivi rifiutano tutto. La nuova posta si dovrebbe leggere a parte.',
    'disk-full': 'Motore, giornale e archivi rispondono come senza spazio. Si dovrebbe continuare a leggere.',
    'directory-gone': 'L’elenco delle caselle non risponde. Accesso e posta dovrebbero continuare.',
    'clock-jump': 'Salta l’orologio di chi cancella. Non si dovrebbe cancellare nulla.',
    'node-killed': 'Si uccide un server a parte, accanto a questo. Qui nessuno si accorge di nulla.',
  },
};
