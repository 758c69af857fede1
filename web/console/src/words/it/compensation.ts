/** Le parole dei ristori. */
import { counting } from '../counting.ts';
import type { Words } from '../en/index.ts';

const n = counting('it');

export const compensation: Words['compensation'] = {
  choose: 'Per quale incidente?',
  chooseText:
    'Il ristoro si dà per quello che non ha funzionato in un incidente. Prima aprine uno e chiudilo.',
  title: (incident) => `Ristoro per l’incidente ${incident}`,
  nothing: 'Non c’è ancora un’anteprima',
  nothingText: 'Scrivi le regole e guarda chi avrebbe che cosa. Non si dà nulla a nessuno.',
  states: {
    previewing: 'si sta contando',
    previewed: 'in anteprima',
    superseded: 'c’è un’anteprima più nuova',
    approved: 'approvato',
    applying: 'si sta dando',
    applied: 'dato',
    revoking: 'si sta ritirando',
    revoked: 'ritirato',
  },
  preview: 'Anteprima',
  previewSays: 'Si conta chi avrebbe che cosa, e non si dà nulla. La approva un’altra persona.',
  rules: 'Regole',
  rulesHint:
    'YAML. Per una casella vale la prima regola adatta; va nominato ogni piano di ogni marchio interessato.',
  from: 'Da',
  to: 'A',
  fromHint: 'Vuoto: da quando l’incidente si è aperto.',
  toHint: 'Vuoto: fino a quando è finito.',
  previewed: 'Anteprima pronta.',
  notOver: 'L’incidente non è finito: non si può ancora approvare.',
  goOn: (count) => `Qualcosa ancora non funziona per ${n(count, 'casella', 'caselle')}.`,
  goOnScope: (scope, cause) => `${scope} ancora non funziona (${cause})`,
  beganBefore: (time) => `Una parte delle assenze è cominciata prima, il ${time}.`,
  window: 'Tempo contato',
  digest: 'Numero dell’anteprima',
  gets: (accounts) => `${accounts} avrebbero qualcosa`,
  got: (credited, of) => `L’hanno avuto ${credited} su ${n(of, 'casella', 'caselle')}`,
  toldOf: (told) => `Lo ${told === 1 ? 'sa' : 'sanno'} ${n(told, 'persona', 'persone')}`,
  gone: (count) => `${n(count, 'casella', 'caselle')} non ci sono più`,
  waits: (why) => `Aspetta: ${why}`,
  inAll: (size, months) => `in tutto ${size} di spazio e ${n(months, 'mese', 'mesi')}`,
  rule: 'Regola',
  accountsColumn: 'Caselle',
  quota: 'Spazio a testa',
  months: 'Mesi a testa',
  given: 'Dato',
  nothingBecause: (because) => `nulla: ${because}`,
  tooShort: 'tempo troppo breve',
  approve: 'Approva',
  approveSays: (accounts, size, months) =>
    `${accounts} hanno in tutto ${size} di spazio e ${n(months, 'mese gratis', 'mesi gratis')}. Si riconta adesso, e se non torna si rifiuta.`,
  approved: 'Approvato.',
  second: 'Lo approva una persona diversa da chi ha fatto l’anteprima.',
  apply: 'Dallo',
  applySays: (accounts) =>
    `Lo ricevono ${accounts}, una volta sola, e lo sanno da un messaggio firmato. Se chiudi la pagina va avanti da solo.`,
  applyAgain: 'Da’ quello che manca',
  applied: 'Dato.',
  applyFigures: (credited, told) =>
    `L’hanno avuto ${n(credited, 'casella', 'caselle')}; lo sanno in ${told}.`,
  revoke: 'Ritira',
  revokeSays: (accounts) =>
    `Si ritira a ${accounts}. Da qui le persone non lo sanno: dillo prima nell’incidente. Che cosa si è dato e quando resta scritto.`,
  why: 'Il motivo',
  revoked: 'Ritirato.',
  csv: 'CSV per la fatturazione',
  csvSays: 'Una riga per casella, con l’indirizzo. Resta scritto che il file è stato fatto.',
  csvMade: (count) => n(count, 'riga', 'righe'),
  csvDone: 'Il file è pronto.',
  acts: 'Chi ha fatto che cosa',
  actNames: {
    previewed: 'ha fatto l’anteprima',
    approved: 'ha approvato',
    applied: 'ha ordinato di darlo',
    revoked: 'ha ordinato di ritirarlo',
  },
  earlier: 'Anteprime e ristori precedenti',
};
