package casella.jmap;

import casella.store.Service;

/// How a mailbox is, in words for its owner: what the webmail's band says of it (web/mail/src/words), and that all works where the band
/// says nothing.
public final class ServiceWords {
    private ServiceWords() {}

    /// @param italian false for English
    public static String of(Service.State state, boolean italian) {
        return switch (state) {
            case LIVE, STANDBY, RETURNING -> say(italian, "Tutto funziona.", "Everything works.");
            case CONTINUATION -> say(italian, 
                    "Le cartelle sono chiuse per un guasto. La nuova posta arriva in “Ricevuti durante il guasto”; le cartelle torneranno, nulla va perso.",
                    "Your folders are closed because of a fault. New mail arrives in “Received during the fault”; your folders will be back, nothing is lost.");
            case CONTENTS_AWAY -> say(italian, 
                    "I messaggi sono al sicuro, ma per un guasto al momento non si possono aprire. Cartelle ed elenchi funzionano; la nuova posta viene conservata e compare appena tutto torna.",
                    "Your messages are kept safe, but because of a fault they can’t be opened right now. Folders and lists work; new mail is kept and appears when this is over.");
        };
    }

    private static String say(boolean italian, String inItalian, String inEnglish) {
        return italian ? inItalian : inEnglish;
    }
}
