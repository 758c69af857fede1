/** Le parole della situazione. */
import { counting } from '../counting.ts';
import type { Words } from '../en/index.ts';

const n = counting('it');

export const overview: Words['overview'] = {
  people: 'Si riesce a lavorare?',
  twice: 'È tutto in doppia copia?',
  waits: 'Che cosa è in attesa?',
  machine: 'Che cosa sta facendo la macchina?',
  well: 'Sì. Non c’è nulla che non va.',
  wrong: (count) => (count === 1 ? 'Una cosa non va.' : `${n(count, 'cosa', 'cose')} non vanno.`),
  notAll: 'Non tutti.',
  elsewhere: (count) =>
    count === 1
      ? 'Una casella non è servita dal motore'
      : `${n(count, 'casella', 'caselle')} non sono servite dal motore`,
  elsewhereText: (standby, continuation, apart) =>
    `${standby} dalla seconda copia, ${continuation} con le cartelle chiuse, ${apart} per guai propri`,
  openIncidents: (count) => n(count, 'incidente aperto', 'incidenti aperti'),
  noIncidents: 'Nessun incidente aperto',
  proposals: (count) => `C’è da aprire ${n(count, 'incidente', 'incidenti')}: lo propone il controllo`,
  seen: 'Si vede',
  machineDoes: 'La macchina',
  youDo: 'Tu',
  partsTitle: 'Parti',
  partStates: { whole: 'intera', degraded: 'ridotta', gone: 'assente' },
  levels: { critical: 'critico', warning: 'attenzione', notice: 'avviso' },
  over: 'Che cosa non andava prima',
  overFor: (span) => `durato ${span}`,
  twiceYes: 'Sì. Nessuna copia manca.',
  twiceNo: (count) =>
    count === 1
      ? 'Un oggetto ha meno copie del dovuto.'
      : `${n(count, 'oggetto', 'oggetti')} hanno meno copie del dovuto.`,
  oldest: (span) => `il più vecchio da ${span}`,
  archive: (size) => `${size} di modifiche non ancora negli archivi`,
  vaultOwes: (count) => (count === 0 ? 'non deve nulla' : `deve ${n(count, 'oggetto', 'oggetti')}`),
  couldRebuild: (could, of) => `basta da solo per ${could} caselle su ${of}`,
  proven: (time) => `tutto verificato dal ${time}`,
  notProven: 'non ancora tutto verificato',
  holes: (count) => `${n(count, 'buco', 'buchi')} nei giornali, tutti superati`,
  nothingWaits: 'Nessun messaggio in attesa.',
  mailWaits: (count) => `${n(count, 'messaggio', 'messaggi')} in attesa.`,
  priorities: (urgent, personal, bulk) => `${urgent} urgenti, ${personal} personali, ${bulk} di massa`,
  owners: (count) =>
    count === 1 ? 'Una persona aspetta di entrare' : `${n(count, 'persona', 'persone')} aspettano di entrare`,
  complaintsDue: (late, soon) =>
    `${n(late, 'reclamo', 'reclami')} in ritardo, ${soon} in scadenza entro tre giorni`,
  breachRuns: (left) => `Una violazione non è ancora notificata: restano ${left} delle 72 ore`,
  breachLate: (late) => `Una violazione ha superato le 72 ore di ${late}`,
  works: {
    healer: 'Rifà le copie che mancano',
    standby: 'Passa le caselle alla seconda copia, e le riporta',
    collector: 'Cancella quello che può andare',
    ladder: 'Fa salire l’archivio in arrivo',
    reopen: 'Fa rientrare le persone',
  },
  goesOn: 'continua',
  paused: 'in pausa',
  pausedBy: (by, time) => `da ${by}, dal ${time}`,
  pause: 'Metti in pausa',
  resume: 'Riprendi',
  pauseTitle: (work) => `Mettere in pausa «${work}»?`,
  pauseSays: 'Resta fermo finché qualcuno non lo riprende, anche dopo un riavvio. Gli avvisi lo ricordano.',
  pausedDone: 'In pausa.',
  resumed: 'Ha ripreso.',
  climbing: (vault, replaces) => `L’archivio ${vault} sta prendendo il posto di ${replaces}`,
  reopening: (entered, waiting) => `È in corso una riapertura: ${entered} sono dentro, ${waiting} aspettano`,
  nothingElse: 'Nessun archivio in arrivo, nessuna riapertura in corso.',
  trends: 'Le ultime ore',
  plots: {
    people: 'Accessi, e caselle servite altrove',
    debt: 'Copie che mancano',
    queue: 'Messaggi in attesa e consegnati',
  },
  axes: {
    people: 'al minuto · caselle',
    debt: 'oggetti',
    queue: 'messaggi · al minuto',
  },
  lines: {
    logins: 'accessi al minuto',
    elsewhere: 'caselle altrove',
    debt: 'copie mancanti',
    queue: 'messaggi in attesa',
    delivered: 'consegnati al minuto',
  },
  noTrends: 'Delle ultime ore non ci sono ancora dati.',
  tableEvery: (span) => `Un valore ogni ${span}, dal più recente.`,
};
