/** Le parole italiane. Scritte, non tradotte: dicono le stesse cose di `en.ts` a modo loro. */
import type { Words } from './en.ts';

const plural = new Intl.PluralRules('it');
const n = (count: number, one: string, other: string) =>
  `${new Intl.NumberFormat('it').format(count)} ${plural.select(count) === 'one' ? one : other}`;
const number = (count: number) => new Intl.NumberFormat('it').format(count);
const messaggi = (count: number) => n(count, 'messaggio', 'messaggi');

export const it: Words = {
  language: 'it',
  locale: 'it-IT',

  login: {
    title: 'Entra nella tua casella',
    missing: 'Scrivi il tuo indirizzo e la password.',
    address: 'Indirizzo e-mail',
    password: 'Password',
    submit: 'Entra',
    busy: 'Un momento…',
    refused: 'Indirizzo e password non corrispondono. Controllali e riprova.',
    tooMany: (minutes) => `Troppi tentativi. Riprova fra ${n(minutes, 'minuto', 'minuti')}.`,
    notYet: (place, minutes, retry) =>
      `Facciamo entrare tutti un po’ alla volta.${place > 0 ? ` Il tuo posto in fila è il ${new Intl.NumberFormat('it').format(place)},` : ''} tocca a te fra circa ${n(minutes, 'minuto', 'minuti')}. Riproviamo da soli fra ${n(retry, 'minuto', 'minuti')}; la tua posta è al sicuro.`,
    left: 'Sei uscito.',
    expired: 'L’accesso è scaduto. Entra di nuovo: quello che stavi scrivendo è al sicuro.',
    show: 'Mostra la password',
    hide: 'Nascondi la password',
    language: 'English',
    status: 'Stato del servizio',
    complaints: 'Reclami',
    languageLabel: 'Switch to English',
  },

  folders: {
    title: 'Cartelle',
    ways: 'Percorsi',
    inbox: 'Posta in arrivo',
    drafts: 'Bozze',
    sent: 'Inviati',
    archive: 'Archivio',
    junk: 'Spam',
    trash: 'Cestino',
    flagged: 'Speciali',
    write: 'Scrivi',
    unread: (count) => `${count} da leggere`,
    failed: 'Ora le cartelle non si possono mostrare',
    collapse: 'Riduci le cartelle',
    expand: 'Allarga le cartelle',
  },

  list: {
    search: 'Cerca in tutta la posta',
    clearSearch: 'Cancella la ricerca',
    results: (text) => `Risultati per «${text}»`,
    total: messaggi,
    emptyInbox: 'Non c’è posta',
    emptyInboxText: 'I nuovi messaggi compaiono qui da soli.',
    empty: 'La cartella è vuota',
    emptyText: 'Qui troverai quello che ci sposti.',
    noResults: 'Nessun risultato',
    noResultsText: 'Prova con meno parole, o con parte di un nome o di un indirizzo.',
    failed: 'Ora questa cartella non si può mostrare',
    noSubject: '(senza oggetto)',
    noSender: '(senza mittente)',
    unread: 'Da leggere',
    attachment: 'Ha un allegato',
    flagged: 'Speciale',
    answered: 'Hai risposto',
    draft: 'Bozza',
    to: (names) => `A ${names}`,
    select: (subject) => `Seleziona ${subject}`,
    selected: (count) => (count === 1 ? '1 selezionato' : `${count} selezionati`),
    selectNone: 'Annulla la selezione',
    gone: 'Questo messaggio non c’è più',
    rows: 'Messaggi',
    compact: 'Righe compatte',
    comfortable: 'Righe comode',
  },

  message: {
    nothing: 'Nessun messaggio aperto',
    nothingText: 'Scegline uno dall’elenco.',
    failed: 'Ora questo messaggio non si può aprire',
    goneTitle: 'Questo messaggio non c’è più',
    goneText: 'È stato eliminato, da qui o da un altro programma.',
    from: 'Da',
    to: 'A',
    cc: 'Cc',
    bcc: 'Ccn',
    replyTo: 'Le risposte vanno a',
    date: 'Data',
    genuine: (brand) => `verificato: viene proprio da ${brand}`,
    pretended: (brand) => `questo messaggio finge di venire da ${brand}`,
    toMe: 'me',
    details: 'Mostra tutti gli indirizzi',
    hideDetails: 'Nascondi gli indirizzi',
    imagesBlocked: 'Le immagini non sono caricate: così chi scrive non sa che hai letto.',
    showImages: 'Mostra le immagini',
    body: 'Testo del messaggio',
    quoted: 'Mostra il testo citato',
    quotedHide: 'Nascondi il testo citato',
    truncated: 'Il messaggio è molto lungo: qui ne vedi l’inizio.',
    downloadAll: 'Scarica tutto il messaggio',
    attachments: (count) => n(count, 'allegato', 'allegati'),
    download: 'Scarica',
    unnamed: 'allegato',
    noText: 'Il messaggio non contiene testo.',
  },

  actions: {
    reply: 'Rispondi',
    replyAll: 'Rispondi a tutti',
    forward: 'Inoltra',
    archive: 'Archivia',
    trash: 'Elimina',
    destroy: 'Elimina per sempre',
    junk: 'Spam',
    notJunk: 'Non è spam',
    move: 'Sposta in…',
    markSeen: 'Segna come letto',
    markUnseen: 'Segna da leggere',
    flag: 'Segna come speciale',
    unflag: 'Non più speciale',
    undo: 'Annulla',
    back: 'Indietro',
    more: 'Altro',
    retry: 'Riprova',
    close: 'Chiudi',
    cancel: 'Annulla',
    next: 'Messaggio seguente',
    previous: 'Messaggio precedente',
    open: 'Apri',
    select: 'Seleziona',
    search: 'Cerca',
    write: 'Scrivi',
    goInbox: 'Vai alla posta in arrivo',
    keys: 'Tasti',
    commands: 'Tutte le azioni',
    logOut: 'Esci',
    own: 'La tua casella',
    download: 'Scarica come file',
    scheme: 'Chiaro o scuro',
    language: 'English',
    destroyAsk: (count) => `Eliminare ${messaggi(count)} per sempre?`,
    destroyText: 'Da qui non si possono recuperare.',
    find: 'Cerca un’azione…',
    findFolder: 'Cerca una cartella…',
    nothingFound: 'Niente con questo nome.',
  },

  compose: {
    title: 'Nuovo messaggio',
    to: 'A',
    cc: 'Cc',
    bcc: 'Ccn',
    addCc: 'Cc e Ccn',
    subject: 'Oggetto',
    text: 'Testo',
    send: 'Invia',
    attach: 'Allega file',
    discard: 'Butta via',
    close: 'Tieni come bozza e chiudi',
    smaller: 'Riduci',
    larger: 'Ingrandisci',
    attachments: 'Allegati',
    remove: (name) => `Togli ${name}`,
    retry: (name) => `Riprova con ${name}`,
    uploading: 'caricamento…',
    uploadFailed: 'Non caricato.',
    dropHere: 'Lascia qui i file da allegare',
    states: {
      untouched: '',
      edited: 'Non ancora salvato',
      keptHere: 'Salvato su questo dispositivo',
      saving: 'Salvataggio…',
      kept: (time) => `Salvato alle ${time}`,
      notKept: 'La tua casella non risponde. Il testo è su questo dispositivo; riproviamo da soli.',
      notKeptAnywhere: 'Il testo non è ancora salvato. Non chiudere questa pagina.',
      sending: 'Invio…',
    },
    obstacles: {
      noRecipient: 'Aggiungi almeno un indirizzo.',
      tooManyRecipients: (max) => `Al massimo ${max} indirizzi per messaggio.`,
      doubtful: (piece) => `Controlla questo indirizzo: ${piece}`,
      notUploaded: 'Un allegato non è arrivato. Riprova, o toglilo.',
      noIdentity: 'La tua casella non risponde, quindi per ora non si può inviare. Il testo è salvo.',
    },
    forgot: 'Parli di un allegato, ma non ce n’è nessuno.',
    sendAnyway: 'Invia lo stesso',
    notSent: 'Non inviato. È fra le bozze.',
    sent: 'Inviato.',
    discarded: 'Bozza buttata via.',
    recovered: 'Stavi scrivendo un messaggio che non è mai arrivato alla tua casella.',
    continue: 'Continua a scrivere',
    wrote: (who, when) => `${when}, ${who} ha scritto:`,
    forwarded: '---------- Messaggio inoltrato ----------',
    mentions: /\ballegat[oaie]\b|\ballego\b|\bin allegato\b/i,
  },

  deeds: {
    archived: (count) => (count === 1 ? 'Archiviato.' : `${messaggi(count)} archiviati.`),
    trashed: (count) => (count === 1 ? 'Spostato nel cestino.' : `${messaggi(count)} spostati nel cestino.`),
    destroyed: (count) =>
      count === 1 ? 'Eliminato per sempre.' : `${messaggi(count)} eliminati per sempre.`,
    moved: (count, where) =>
      count === 1 ? `Spostato in ${where}.` : `${messaggi(count)} spostati in ${where}.`,
    junked: (count) => (count === 1 ? 'Spostato nello spam.' : `${messaggi(count)} spostati nello spam.`),
    seen: (count) => (count === 1 ? 'Segnato come letto.' : `${messaggi(count)} segnati come letti.`),
    unseen: (count) => (count === 1 ? 'Segnato da leggere.' : `${messaggi(count)} segnati da leggere.`),
    flagged: (count) => (count === 1 ? 'Ora è speciale.' : `${messaggi(count)} ora speciali.`),
    unflagged: (count) => (count === 1 ? 'Non è più speciale.' : `${messaggi(count)} non più speciali.`),
    undone: 'Annullato.',
    failed: {
      archived: 'Non archiviato.',
      trashed: 'Non eliminato.',
      destroyed: 'Non eliminato.',
      moved: 'Non spostato.',
      junked: 'Non spostato nello spam.',
      seen: 'Non segnato.',
      unseen: 'Non segnato.',
      flagged: 'Non segnato.',
      unflagged: 'Non segnato.',
    },
  },

  state: {
    offline: 'Non sei in linea. La posta già qui si può leggere; quello che scrivi resta salvato.',
    reconnecting: 'Nuovo collegamento…',
    reduced: (folder) =>
      `Le cartelle sono chiuse per un guasto. La nuova posta arriva in “${folder}”; le cartelle torneranno, nulla va perso.`,
    received: 'Ricevuti durante il guasto',
    sealed:
      'I messaggi sono al sicuro, ma per un guasto al momento non si possono aprire. Cartelle ed elenchi funzionano; la nuova posta viene conservata e compare appena tutto torna.',
  },

  failure: (failure) => {
    switch (failure.kind) {
      case 'unreachable':
        return 'Il servizio di posta non si raggiunge. Controlla la connessione; riproviamo da soli.';
      case 'unavailable':
        return 'Il servizio di posta ora non può rispondere. Non si è perso nulla: riprova fra poco.';
      case 'denied':
        return 'L’accesso è scaduto. Entra di nuovo.';
      case 'notYet':
        return 'Facciamo entrare tutti un po’ alla volta. La tua posta è al sicuro: riprova fra qualche minuto.';
      case 'tooMany':
        return 'Troppe richieste insieme. Riprova fra un minuto.';
      case 'refused':
      case 'method':
      case 'nonsense':
        return 'Qualcosa non ha funzionato da noi. Riprova; se succede ancora, di’ all’assistenza il codice qui sotto.';
    }
  },

  own: {
    intro:
      'Quello che abbiamo misurato e conserviamo della tua casella, oltre ai messaggi. Puoi portarlo via in un file.',
    days: 'Gli ultimi 90 giorni',
    goesOn: 'ancora in corso',
    span: (from, until) => `dal ${from} al ${until}`,
    allWorked: 'Tutto ha funzionato per tutto il tempo.',
    ability: {
      mailbox: 'Casella non raggiungibile',
      logIn: 'Non si poteva entrare',
      read: 'Non si poteva leggere',
      receive: 'Non si poteva ricevere',
      send: 'Non si poteva inviare',
      push: 'Non arrivavano gli avvisi di nuova posta',
    },
    time: (hours, minutes) => `${hours} h ${minutes} min`,
    meanwhile: (count) =>
      count === 0
        ? 'Intanto non è arrivato nessun messaggio.'
        : `Intanto ${count === 1 ? 'è arrivato' : 'sono arrivati'} ${messaggi(count)}.`,
    triedTitle: 'Chi ha provato a scriverti',
    triedNone: 'Negli ultimi 90 giorni non abbiamo respinto nessuno.',
    triedText: 'Messaggi non accettati negli ultimi 90 giorni. Chi li mandava è stato avvisato.',
    triedMore: (count) => `e altri ${number(count)}, nel file`,
    notice: 'un avviso di consegna',
    reason: (code) =>
      code === null
        ? 'la connessione si è interrotta'
        : code === 452
          ? 'la tua casella era piena'
          : code < 500
            ? 'abbiamo chiesto di riprovare più tardi'
            : 'è stato rifiutato',
    came: 'è arrivato dopo',
    gone: 'poi non è arrivato nulla',
    proofTitle: 'Che ne è stato dei tuoi messaggi',
    counting: 'Li stiamo contando…',
    countAway: 'Adesso non si possono contare. I messaggi sono conservati: guarda di nuovo più tardi.',
    counted: (accepted, filed, deleted, waiting) =>
      `Di ${messaggi(accepted)} accettati da sempre, ${number(filed)} sono nella casella, ${number(deleted)} sono stati eliminati poi, ${waiting === 1 ? '1 aspetta di essere archiviato' : `${number(waiting)} aspettano di essere archiviati`}.`,
    lostNone: 'Nessuno è andato perso.',
    lost: (count) =>
      `${messaggi(count)} non si ${count === 1 ? 'trova' : 'trovano'} da nessuna parte. Chiamaci.`,
    unreachable: (count) => `${messaggi(count)} adesso non si ${count === 1 ? 'raggiunge' : 'raggiungono'}.`,
    signed: (at) => `Contati ${at}; nel file il conto è firmato dal nostro server.`,
    givenTitle: 'Ristoro ricevuto',
    givenNone: 'Finora nessuno.',
    room: (size) => `${size} di spazio in più, per sempre`,
    months: (count) => n(count, 'mese gratis', 'mesi gratis'),
    ended: 'ripreso',
    take: 'Portalo via in un file',
    failed: 'Adesso non si può mostrare',
  },

  second: {
    title: 'Un secondo indirizzo',
    intro:
      'Se un giorno non riesci ad aprire la casella, da “Non riesci a entrare?” puoi chiederne notizie a un indirizzo di un altro fornitore.',
    address: 'Indirizzo e-mail',
    send: 'Manda il codice',
    pending: (address) => `Abbiamo mandato un codice a ${address}. Vale mezz’ora.`,
    code: 'Il codice di sei cifre',
    confirm: 'Conferma',
    kept: (address) => `Le notizie vanno a ${address}.`,
    remove: 'Togli l’indirizzo',
    unfit: 'Serve un indirizzo e-mail di un altro fornitore: uno nostro mancherebbe insieme alla casella.',
    wrongCode: 'Il codice non è quello, o non vale più.',
    tooMany: 'Troppi codici oggi. Riprova domani.',
  },

  help: {
    title: 'Farsi aiutare dall’assistenza',
    intro:
      'Crea un codice e dillo a chi ti aiuta. Potrà guardare per 30 minuti, fin dove dici tu, senza cambiare nulla. Qui vedi ogni sguardo e puoi interrompere quando vuoi.',
    how: 'Che cosa può vedere',
    scopes: {
      folders: 'le cartelle e quanti messaggi contengono',
      messages: 'anche l’elenco dei messaggi: mittente, oggetto, data, dimensione',
      contents: 'anche che cosa dice un messaggio, senza allegati',
    },
    make: 'Crea un codice',
    tell: 'Dillo solo a qualcuno che hai chiamato tu. Vale 15 minuti, una volta sola, e non viene più mostrato.',
    waiting: (until) => `Il codice vale fino a ${until}; finora non l’ha usato nessuno.`,
    looking: (by, until) => `${by} può guardare fino a ${until}.`,
    cancel: 'Annulla il codice',
    end: 'Interrompi',
    looked: {
      folders: 'l’elenco delle cartelle',
      messages: (folder) => `i messaggi in “${folder}”`,
      contents: 'un messaggio',
    },
    lookedNone: 'Non è stato guardato nulla.',
    past: 'Chi ha guardato',
    was: (by, at, count) => `${by}, ${at}: ha guardato ${n(count, 'volta', 'volte')}`,
    tooMany: 'Troppi codici oggi. Riprova domani.',
  },

  keys: {
    title: 'Tasti',
    move: 'Muoversi nell’elenco',
    groupList: 'Elenco',
    groupEmail: 'Messaggio',
    groupAll: 'Ovunque',
  },
};
