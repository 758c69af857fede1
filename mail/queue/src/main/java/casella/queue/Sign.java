package casella.queue;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What mail that one person waits for says, in Italian and English. Each sign is looked for in the subject, and where that
/// would be too little in the first words of the text.
enum Sign {
    /// A code to type in, for a few minutes.
    CODE {
        @Override
        boolean in(String subject, String text) {
            if (PROMOTION.matcher(subject + " " + text).find() || ABOUT_WORK.matcher(subject).find()) return false;
            if (A_CODE.matcher(subject).find()) return true;
            if (OTHER_CODE.matcher(subject).find()) return false;
            if (NUMBER_OF_A_CODE.matcher(subject).find()) return true;
            if (ENTRANCE.matcher(subject).find() && A_CODE.matcher(text).find()) return true;
            boolean number = NUMBER.matcher(subject).find() || NUMBER.matcher(text).find();
            if (number && ENTRANCE.matcher(subject).find()) return true;
            return NUMBER_OF_A_CODE.matcher(text).find() && !OTHER_CODE.matcher(text).find();
        }
    },
    /// A password asked for anew, or changed.
    RESET {
        @Override
        boolean in(String subject, String text) {
            return ABOUT_PASSWORD.matcher(subject).find()
                    || (ASKED_FOR_PASSWORD.matcher(text).find() && LINK.matcher(text).find());
        }
    },
    /// Somebody came in.
    SIGN_IN {
        @Override
        boolean in(String subject, String text) {
            if (PROMOTION.matcher(subject).find() || ABOUT_WORK.matcher(subject).find()) return false;
            return CAME_IN.matcher(subject).find() || WAS_USED.matcher(subject).find()
                    || WAS_USED.matcher(text).find();
        }
    },
    /// Something is wrong with an account or a card, or was changed in it.
    SECURITY {
        @Override
        boolean in(String subject, String text) {
            if (PROMOTION.matcher(subject).find()) return false;
            return WARNING.matcher(subject).find() || CHANGED.matcher(subject).find()
                    || STOPPED.matcher(subject).find() || STOPPED.matcher(text).find();
        }
    },
    /// An address or account to be confirmed.
    CONFIRM {
        @Override
        boolean in(String subject, String text) {
            if (TO_CONFIRM.matcher(subject).find()) return true;
            if (PROMOTION.matcher(subject + " " + text).find() || DUE_LATER.matcher(subject).find()) return false;
            return LINK_TO_CONFIRM.matcher(text).find() && LINK.matcher(text).find();
        }
    },
    /// Money that moved just now, or is to be let go.
    PAYMENT {
        @Override
        boolean in(String subject, String text) {
            if (DUE_LATER.matcher(subject + " " + text).find() || PROMOTION.matcher(subject).find()) return false;
            if (MONEY_MOVED.matcher(subject).find()) return true;
            boolean amount = AMOUNT.matcher(subject).find();
            if (amount && APPROVE.matcher(subject).find()) return true;
            return MONEY.matcher(subject).find() && (amount || AMOUNT.matcher(text).find());
        }
    },
    /// A result, a prescription, a visit that is now.
    HEALTH {
        @Override
        boolean in(String subject, String text) {
            if (PRESCRIPTION.matcher(subject).find() || RESULTS.matcher(subject).find()) return true;
            if (RESULTS_TOLD.matcher(text).find()) return true;
            String both = subject + " " + text;
            return VISIT.matcher(subject).find() && SOON.matcher(both).find() && MEDICAL.matcher(both).find();
        }
    },
    /// Something happened to an account, and its owner is asked whether it was they.
    NOT_YOU {
        @Override
        boolean in(String subject, String text) {
            if (PROMOTION.matcher(subject).find() || ABOUT_WORK.matcher(subject).find()) return false;
            return IF_NOT_YOU.matcher(text).find() && !DUE_LATER.matcher(subject).find();
        }
    };

    private static final String IT_YOUR = "( il| la| i| le| l'| del| della| delle| dell'| di| tuo| tua| suo| sua| tue| sue| nuova)*";
    /// At most three words between.
    private static final String FEW = "( [\\p{L}\\p{N}'.&-]+){0,3}";

    private static final Pattern A_CODE = words(
            "one[- ]time (pass(word|code)|code|pin)", "otp", "(verification|security|confirmation|authentication|unlock) code",
            "(sign|log)[- ]?in (code|pin)", "(login|access|delivery|pickup|handover|collection|activation|temporary) (code|pin)", "pass-?code",
            "(activation|security|access) number", "numero (di )?(attivazione|verifica|sicurezza)",
            "codice (otp|pin|temporaneo|monouso|usa e getta|dispositivo)",
            "codice (di|per) (la |l'|il )?(tua |tuo )?(verifica|sicurezza|accesso|accedere|conferma|autenticazione|autorizza\\p{L}*|sblocco|ritiro"
                    + "|consegna|login|attivazione|operazione)",
            "pin (di|per) (la |l'|il )?(accesso|sblocco|ritiro|consegna|verifica|attivazione)", "password (monouso|temporanea)");
    /// Codes that nobody types within minutes.
    private static final Pattern OTHER_CODE = words(
            "(discount|promo(tional)?|voucher|coupon|gift|error|exit|status|http|booking|order|reference|qr|zip|postal|source"
                    + "|area|dress|country|sort|tax|class|invitation|referral|tracking|customer|bar|product|item|member(ship)?) code",
            "code (of conduct|review|freeze|base|\\d{3}|length)",
            "codice (sconto|promo\\p{L}*|coupon|regalo|fiscale|cliente|utente|utenza|contratto|pratica|tessera|assistito|prenotazione"
                    + "|ordine|avviso|tributo|iban|postale|civile|classe|errore|cig|cup|iuv|qr|catastale|spedizione|abi|articolo|prodotto)",
            "codice a barre", "codice della strada", "(order|invoice|ordine|fattura)( n\\.?)?");
    private static final String DIGITS = "(?<![\\p{L}\\p{N}.,/#\\[-])(\\p{L}-)?(\\d{4,8}|\\d{3}[ -]\\d{3}|\\d{4} \\d{4})(?![\\p{L}\\p{N}/-]|[.,]\\d)";
    private static final Pattern NUMBER = Pattern.compile(DIGITS);
    private static final String CODE_WORD = "(?<![\\p{L}\\p{N}])(code|codice|pin|otp|pass-?code|one-time password|password monouso)(?![\\p{L}\\p{N}])";
    /// A word for a code, and the number close behind it or before it.
    private static final Pattern NUMBER_OF_A_CODE = Pattern.compile(
            CODE_WORD + "[^.!?]{0,70}?" + DIGITS + "|" + DIGITS + "[^.!?]{0,70}?" + CODE_WORD
                    + "|(?<![\\p{L}])(enter|type|use|inserisci|digita|digiti|inserisca|usa|utilizza)( il| the| questo| this)*( numero| number)? " + DIGITS,
            Pattern.CASE_INSENSITIVE);
    /// What a subject says where the text has the number alone.
    private static final Pattern ENTRANCE = words(
            "codice", "(your|the|this) (code|pin)", "verification", "verifica", "verificare", "verify", "autenticazione",
            "authentication", "two-(step|factor)", "2fa", "mfa", "due passaggi", "due fattori", "(log|sign)(ging|ning)?[- ]?in",
            "login", "accesso", "accedere", "conferma il( tuo)? numero", "confirm your( phone)? number", "password assistance");
    private static final Pattern PROMOTION = Pattern.compile(
            "(?<![\\p{L}])(sconto|sconti|saldi|offerta|offerte|promo\\p{L}*|coupon|voucher|discount|sale|gift card|black friday"
                    + "|regalo|free shipping|spedizione gratuita|at the checkout|alla cassa|in anteprima|anticipato|gratis|vinci|premi"
                    + "|concorso|jobs?|offers?)(?![\\p{L}])"
                    + "|\\d ?% ?off|-\\d+ ?%|\\d ?% (di )?sconto",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    /// Issues, changes and builds.
    private static final Pattern ABOUT_WORK = Pattern.compile(
            "\\[[\\w.-]+/[\\w.-]+\\]|\\(#\\d+\\)|\\[[A-Z]+-\\d+\\]|^(new issue|build|down|resolved):?|(?<![\\p{L}])(pull request|merge request|issue #)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ABOUT_PASSWORD = words(
            "(reset|recover|forg[oe]t(ten)?|change|changed|set|choose|update|updated|create)( your| the| a)?( new)?" + FEW + " pass(word|phrase)",
            "pass(word|phrase)" + FEW + " (reset|recovery|changed?|updated|expire[sd]?|request)", "password assistance",
            "(reset|recovery|change) of your password",
            "(reimposta|recupera|recupero|ripristina|ripristino|modifica|cambio|cambia|reimpostazione|dimenticat[oa]|impostazione|imposta|scegli"
                    + "|nuova|aggiorna|smarrit[oa])" + IT_YOUR + " ?(password|credenziali|pin)",
            "(password|credenziali)" + FEW + " (\u00e8 stata|sono state|dimenticat[ae]|modificat[ae]|cambiat[ae]|reimpostat[ae]|aggiornat[ae]|scadut[ae])");
    private static final Pattern ASKED_FOR_PASSWORD = words(
            "(asked|requested|request|want(ed)?) to (reset|change|recover)( your| the)? password", "(choose|set|pick|create) a new (password|one)",
            "(hai|ha|hanno) (chiesto|richiesto) (di (reimpostare|cambiare|recuperare)|una nuova|il ripristino|la reimpostazione)",
            "richiesta una nuova password", "(nuova|reimpostare( la)?|recuperare( la)?|scegliere una nuova) (password|credenziali)");
    private static final Pattern LINK = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

    private static final Pattern CAME_IN = words(
            "(new|unusual|unrecogni[sz]ed|suspicious|unknown|unfamiliar|recent|another)" + FEW + " (sign|log|logged|signed)[- ]?(in|on|ins)",
            "(sign|log|logged|signed)[- ]?(in|on)" + FEW + " (from|attempt|alert|notification|detected|activity)", "(sign|log)[- ]?in to your",
            "(new|unknown|unrecogni[sz]ed) (device|browser|location|session)",
            "(nuov[oa]|insolit[oa]|sospett[oa]|recente|riuscito|non riconosciut[oa])" + FEW + " (accesso|dispositivo|login|browser|sessione)",
            "(notifica|avviso)( di)? accesso",
            "(accesso|login)" + FEW + " (insolito|sospetto|effettuato|eseguito|rilevato|riuscito|da|al tuo|con (spid|cie|la carta))",
            "(rilevato|effettuato|eseguito|registrato|notato)( un| l'| il| nuovo)* ?(accesso|login)");
    private static final Pattern WAS_USED = words(
            "(was|has been|just) used to (sign|log) in", "new (sign|log)[- ]?in to your", "(sign|log)ged in (from|on) a new",
            "(identit\u00e0|spid|cie)[^.!?]{0,60}(\u00e8 stata|stata) (usata|utilizzata)",
            "(utilizzo|uso) della (tua|sua) (identit\u00e0|spid|cie)", "(effettuato|eseguito|rilevato|registrato) un( nuovo)? (accesso|login)",
            "(un|l') ?accesso con (spid|cie)", "(accesso|login) da un (nuovo )?(dispositivo|browser)");

    private static final Pattern WARNING = words(
            "(security|fraud|account) (alert|notice|warning)", "(avviso|allarme|notifica|allerta|alert) (di )?(sicurezza|frode|antifrode)",
            "(suspicious|unusual|unrecogni[sz]ed)" + FEW + " (activity|transaction|payment|purchase|charge|attempt)",
            "(attivit\u00e0|operazione|operazioni|transazione|movimento|tentativo)( \\p{L}+)? (sospett|insolit|anomal|non autorizzat)[aeio]");
    /// What somebody who broke in would change first.
    private static final Pattern CHANGED = words(
            "(key|token|passkey|device|e-?mail|address|phone|number|recovery|details|profile|username|limit|two-(step|factor)|2fa|verification|authentication)"
                    + FEW + " (was|has been|were|have been)( just| now)? (added|changed|removed|updated|turned (on|off)|enabled|disabled|linked|deleted)",
            "(numero|cellulare|e-?mail|recapit[oi]|dispositivo|chiave|dati|profilo|limit[ei]|verifica in due passaggi|autenticazione a due fattori|app)"
                    + FEW + " (\u00e8 stat[oa]|sono stat[ei]|\u00e8|sono) (aggiunt|modificat|cambiat|rimoss|disattivat|attivat|abilitat|collegat|associat|aggiornat|eliminat)[oaei]",
            "(modificat|cambiat|aggiunt|rimoss|disattivat|collegat|associat)[oaei]" + FEW + " (numero|cellulare|e-?mail|recapit[oi]|dispositivo|password)");
    private static final Pattern STOPPED = words(
            "(blocked|stopped|declined|frozen|locked|suspended|bloccat[oa]|sospes[oa])" + FEW
                    + " (card|account|access|profile|charge|payment|transaction|sign-in|carta|conto|addebito|pagamento|operazione|accesso|utenza|profilo)",
            "(card|account|carta|conto|utenza|profilo)" + FEW + " (\u00e8|\u00e8 stata|\u00e8 stato|is|has been|was|temporaneamente)( temporarily)?"
                    + " (bloccat[ao]|sospes[ao]|blocked|locked|frozen|suspended)",
            "(carta|conto|utenza)( temporaneamente)? (bloccat|sospes)[oa]",
            "did you (make|approve|authori[sz]e|spend|just)", "(is|was) this( really)? you", "riconosci (la|il|questa|questo|quest')",
            "(sei|eri) (stato )?tu\\?");

    private static final Pattern TO_CONFIRM = words(
            "(verify|confirm|activate|validate)( that)? (your|this|the)" + FEW
                    + " (e-?mail( address)?|address|account|identity|phone|number|registration|subscription|sign-?up|profile|device)",
            "(e-?mail|account|address)( address)? (verification|activation|confirmation)",
            "(complete|finish)( your)? (registration|sign(ing)?[- ]?up)",
            "(verifica|conferma|attiva|convalida)" + IT_YOUR
                    + " ?(indirizzo|account|e-?mail|posta|identit\u00e0|registrazione|iscrizione|profilo|utenza|numero|cellulare)",
            "(attivazione|conferma|verifica)( (di|della|dell'|del))?" + IT_YOUR + " ?(account|spid|identit\u00e0( digitale)?|registrazione|iscrizione|indirizzo)",
            "completa la (registrazione|iscrizione)", "completare la (registrazione|iscrizione)");

    private static final Pattern LINK_TO_CONFIRM = words(
            "(to|per) (confirm|verify|activate|validate|confermare|verificare|attivare|convalidare)",
            "(tap|click|press|follow|here)[^.!?]{0,30} (confirm|verify|activate)", "(verify|confirm) (here|now)");

    private static final String IT_MONEY =
            "(pagamento|addebito|accredito|bonifico|acquisto|spesa|versamento|movimento|prelievo|ricarica|transazione|giroconto|operazione|disposizione)";
    private static final String EN_MONEY =
            "(payment|purchase|transaction|transfer|charge|withdrawal|deposit|direct debit|debit|credit|top-?up|cash ?out)";
    private static final Pattern MONEY = words(
            IT_MONEY, "pagamenti", "carta", EN_MONEY, "card", "money", "receipt", "ricevuta");
    private static final Pattern APPROVE = words(
            "approve", "authori[sz]e", "confirm", "approva", "autorizza", "conferma", "approvazione", "autorizzazione");
    private static final Pattern AMOUNT = Pattern.compile(
            "\\d[.,]\\d\\d ?(eur|euro|\u20ac|usd|gbp|chf|\\$|\u00a3)|(eur|euro|\u20ac|usd|gbp|chf|\\$|\u00a3) ?\\d", Pattern.CASE_INSENSITIVE);
    private static final Pattern MONEY_MOVED = words(
            "(autorizza|conferma|approva|ricevuta( del| di| della)?|esito( del| della)?)( il| la| l'| una| un| tuo| tua)* ?" + IT_MONEY,
            "(authori[sz]e|approve|confirm)( your| the| this| a)* " + EN_MONEY,
            "hai (pagato|speso|inviato|prelevato|ricaricato|ricevuto( un)?( bonifico| denaro| \\d))", "(\u00e8 arrivat[oa]|in arrivo)( un| il)? (bonifico|accredito|pagamento)",
            IT_MONEY + FEW + " (\u00e8 stat[oa] |non )?(eseguit|ricevut|effettuat|autorizzat|rifiutat|riuscit|completat|respint|negat|accreditat|addebitat|annullat|fallit)[oa]",
            IT_MONEY + "[^!?]{0,80} (\u00e8 stat[oa] (eseguit|completat|accreditat|effettuat)[oa]|\u00e8 andat[oa] a buon fine|non \u00e8 andat[oa])",
            IT_MONEY + "[^.!?]{0,20} (sulla|con)( la)?( tua| sua)? carta",
            EN_MONEY + FEW + " (declined|failed|alert|approved|completed|received|refused|returned|posted|successful|unsuccessful|authori[sz]ed)",
            EN_MONEY + "[^!?]{0,60} (was|were|has been) (made|declined|charged|sent|received|completed|refused|returned)", EN_MONEY + "[^!?]{0,60} (with your card|failed)",
            "card (transaction|payment|purchase|alert)", "you('ve| have)? (sent|paid|received|withdrew|spent)( (eur|\u20ac|\\d)| money| a payment)",
            "receipt (for|of|from) your payment", "sent you (money|eur|\u20ac|\\d)", EN_MONEY + " (didn't|did not|couldn't|could not)", "couldn't charge",
            "could not (pay|charge)");
    /// To be paid some day, or bought.
    private static final Pattern DUE_LATER = words(
            "scadenza", "entro il \\d", "da pagare", "avviso di pagamento", "avviso pagopa", "bolletta", "fattura", "parcella",
            "invoice", "(your|the|tax|november|monthly) (bill|statement)", "estratto conto", "is due", "instal+ment", "ordine", "order(ed)?",
            "rimborso", "refund", "reso", "cedolino", "preventivo", "abbonamento annuale", "working days", "within \\d+ days");

    private static final Pattern PRESCRIPTION = words(
            "ricett[ae] (elettronica|dematerializzata|medica|bianca|pronta)", "promemoria (della |per la )?ricetta", "e-?prescription",
            "prescription" + FEW + " ready", "your prescription", "nre", "(farmac[oi]|medicinal[ei])" + FEW + " (arrivat|pront|disponibil)[oiea]",
            "(medication|medicine)" + FEW + " (ready|arrived)");
    private static final Pattern RESULTS = words(
            "refert[oi]" + FEW + " (disponibil[ei]|pront[oi]|online|scaricabil[ei])", "(nuovo|suo|tuo) referto",
            "(esit[oi]|risultat[oi])( del| della| dello| dell'| degli| delle| dei| di)* ?(esam[ei]|analisi|tampone|test|screening|biopsia|risonanza|ecografia|tac|visita)",
            "(new|your)?( test| lab| blood| exam| scan| x-ray)+( test)? results?", "(results?|report)" + FEW + " (ready|available|posted|in your chart)");
    private static final Pattern RESULTS_TOLD = words(
            "(il|suo|tuo) referto[^.!?]{0,60} (\u00e8|disponibile|pronto|fascicolo)", "(result|report) is (ready|available|now in)",
            "results are (ready|available|now in)");
    private static final Pattern VISIT = words(
            "visita", "appuntament[oi]", "prelievo", "esame", "vaccin\\p{L}+", "appointment", "visit", "check-?up", "see you (tomorrow|today)",
            "promemoria", "reminder", "prenotazione sanitaria", "jab", "scan");
    private static final Pattern SOON = words(
            "domani", "oggi", "tomorrow", "today", "annullat[ao]", "spostat[ao]", "rinviat[ao]", "cancell?ed", "moved", "rescheduled");
    private static final Pattern MEDICAL = words(
            "visita", "dott(\\.|\\.ssa|oressa|or)?", "medic[oaih]\\p{L}*", "ambulatori\\p{L}*", "poliambulatorio", "clinica", "ospedal\\p{L}+",
            "oculist\\p{L}*", "dentist\\p{L}*", "cardiolog\\p{L}+", "radiolog\\p{L}+", "dermatolog\\p{L}+", "ortoped\\p{L}+", "ginecolog\\p{L}+",
            "pediatr\\p{L}+", "fisioterap\\p{L}+", "psicolog\\p{L}+", "risonanza", "ecografi\\p{L}+", "tac", "vaccin\\p{L}*", "digiuno", "prelievo",
            "esame", "esami", "impegnativa", "asl", "dr\\.?", "doctor", "dental", "clinic", "surgery", "practice", "hospital", "gp", "nurse",
            "physio\\p{L}*", "mri", "x-?ray", "scan", "jab", "optician", "midwife", "therap\\p{L}+");

    private static final Pattern IF_NOT_YOU = words(
            "(if|in case) (this|it) (wasn't|was not|isn't|is not) you", "if you (didn't|did not|haven't|have not|don't|do not)( \\p{L}+)? "
                    + "(ask|request|requested|make|made|attempt|try|tried|change|changed|do|done|recogni[sz]e|initiate|authori[sz]e|sign|log|create|approve)\\p{L}*",
            "(wasn't|not) you\\?", "didn't (request|try|make|do|change|recogni[sz]e)", "(don't|do not) recogni[sz]e",
            "se non (sei|eri|\u00e8) (stat[oa] )?(tu|lei)", "non (sei|eri) (stat[oa] )?tu", "se non (lo|la|l'|li|le)? ?(riconosci|riconosce|hai|ha)( \\p{L}+)?",
            "se non (hai|ha) (richiesto|chiesto|fatto|effettuato|autorizzato|provato)( \\p{L}+)?");

    abstract boolean in(String subject, String text);

    /// Returns the word for logs and people.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Returns the first sign there is.
    ///
    /// @param text its first words
    static Optional<Sign> of(String subject, String text) {
        for (Sign sign : values()) if (sign.in(plain(subject), plain(text))) return Optional.of(sign);
        return Optional.empty();
    }

    /// One kind of apostrophe, one kind of blank.
    private static String plain(String text) {
        return text.replace('\u2019', '\'').replace('\u00a0', ' ');
    }

    private static Pattern words(String... phrases) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])(" + String.join("|", phrases) + ")(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
