/** Quello che dice ogni pagina della console: cornice, errori, finestre. */
import { counting } from '../counting.ts';
import type { Words } from '../en/index.ts';

const n = counting('it');

export const frame: Words['frame'] = {
  title: 'Console di Casella',
  navigation: 'Sezioni',
  more: 'Altro',
  menu: 'Tutte le sezioni',
  close: 'Chiudi',
  skip: 'Vai al contenuto',
  views: {
    overview: 'Situazione',
    accounts: 'Caselle',
    vaults: 'Archivi e scala',
    queue: 'Coda',
    incidents: 'Incidenti',
    compensation: 'Ristori',
    complaints: 'Reclami',
    privacy: 'Dati personali',
    brands: 'Marchi e piani',
    drills: 'Esercitazioni',
    audit: 'Registro ordini',
  },
  roles: {
    operator: 'operatore',
    support: 'assistenza',
    'data-protection': 'protezione dei dati',
    billing: 'fatturazione',
    'read-only': 'sola lettura',
  },
  language: 'English',
  languageLabel: 'Switch to English',
  scheme: 'Chiaro o scuro',
  logOut: 'Esci',
  offline: 'Non sei in rete. Quello che vedi può essere vecchio; finché non torni non si può fare nulla.',
  nothingFor: 'Non ci sono sezioni per i tuoi ruoli',
  nothingForText: 'Sei entrato, ma nessuno dei tuoi ruoli mostra qualcosa qui. Chiedi a chi assegna i ruoli.',
  notYours: 'Questa sezione non è per i tuoi ruoli',
  notYoursText: 'Scegline un’altra.',
};

export const login: Words['login'] = {
  title: 'Console degli operatori',
  name: 'Nome',
  password: 'Password',
  submit: 'Entra',
  busy: 'Un momento…',
  missing: 'Scrivi il tuo nome e la password.',
  refused: 'Nome e password non corrispondono. Controllali e riprova.',
  tooMany: (minutes) => `Troppi tentativi. Riprova fra ${n(minutes, 'minuto', 'minuti')}.`,
  left: 'Sei uscito.',
  ended: 'L’accesso è scaduto',
  endedText: 'Entra di nuovo: la pagina e quello che ci hai scritto sono ancora qui.',
  show: 'Mostra la password',
  hide: 'Nascondi la password',
};

export const common: Words['common'] = {
  retry: 'Riprova',
  refresh: 'Aggiorna',
  asOf: (time) => `Aggiornato alle ${time}`,
  stale: (time) => `Questa è la situazione delle ${time}.`,
  since: (time) => `dal ${time}`,
  forSpan: (span) => `da ${span}`,
  never: 'mai',
  none: 'nessuno',
  all: 'tutti',
  yes: 'sì',
  no: 'no',
  unknown: 'non si sa',
  back: 'Torna all’elenco',
  show: 'Mostra',
  more: 'Ce n’è ancora: qui non si vede tutto.',
  units: { d: 'g', h: 'h', min: 'min', s: 's' },
  accounts: (count) => n(count, 'casella', 'caselle'),
  mails: (count) => n(count, 'messaggio', 'messaggi'),
  objects: (count) => n(count, 'oggetto', 'oggetti'),
  italian: 'Italiano',
  english: 'Inglese',
  download: 'Scarica',
  copied: 'Copiato.',
  copy: 'Copia',
  table: 'Gli stessi dati in tabella',
  time: 'Ora',
  by: 'di',
  brand: 'Marchio',
  plan: 'Piano',
  account: 'Casella',
  state: 'Stato',
  incident: 'Incidente',
  when: 'Quando',
  who: 'Chi',
  what: 'Che cosa',
  failure: (failure) => {
    switch (failure.kind) {
      case 'unreachable':
        return 'Il server non si raggiunge. Controlla la connessione e che il server sia acceso.';
      case 'denied':
        return 'L’accesso è scaduto. Entra di nuovo.';
      case 'forbidden':
        return 'Nessuno dei tuoi ruoli può farlo.';
      case 'tooMany':
        return `Troppe richieste insieme. Riprova fra ${n(failure.seconds, 'secondo', 'secondi')}.`;
      case 'refused':
        return 'Non fatto: il server dice che cosa si oppone.';
      case 'away':
        return 'La parte del server che se ne occupa ora non c’è. Riprova quando torna.';
      case 'tooLarge':
        return 'È più di quanto il server accetta in una volta.';
      case 'nonsense':
        return 'Il server ha risposto qualcosa che questa pagina non capisce. Pagina e server hanno la stessa versione?';
    }
  },
};

export const deed: Words['deed'] = {
  cancel: 'Annulla',
  close: 'Chiudi',
  look: 'Guarda che cosa succederebbe',
  looking: 'Guardo, senza cambiare nulla…',
  would: 'Che cosa succederebbe',
  running: 'In corso…',
  target: (target) => `Per confermare scrivi ${target}`,
  wrong: 'È stato fatto, e qualcosa non è come dovrebbe.',
  ended: 'Com’è andata',
  missing: 'Compila i campi segnati.',
  needed: 'necessario',
  progress: (done, of, unit) => (of === null ? `${done} ${unit}` : `${done} di ${of} ${unit}`),
};
