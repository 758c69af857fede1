package casella.imap;

import casella.store.Account;
import java.io.IOException;

/// What an owner is told of a fault, for all to see who read mail by a client that knows nothing of faults: one line when
/// the folders close, one when they are open again. A switch that nobody notices is not told
/// (docs/decisions/0121-owners-are-told-what-they-notice.md).
///
/// Clients must show an alert to the user, and many do so in a window of its own: RFC 9051 §7.1. Its texts are ASCII, since
/// others may be sent to IMAP4rev2 clients alone: RFC 9051 §9 `text`.
final class Notice {
    private final Account account;
    private final Words words;
    /// Whether the owner was told of a fault, and not yet of its end.
    private boolean told;

    /// @param fault what is the matter, what works
    /// @param back that it is over
    private record Words(String fault, String back) {}

    private static final Words ENGLISH = new Words(
            "Your folders are closed because of a fault. New mail arrives in \"Received during the fault\";"
                    + " your folders will be back, nothing is lost.",
            "Everything works again: your folders are open. Mail that came meanwhile moves to your inbox.");

    private static final Words ITALIAN = new Words(
            "Le cartelle sono chiuse per un guasto. La nuova posta arriva in \"Ricevuti durante il guasto\";"
                    + " le cartelle torneranno, nulla va perso.",
            "Tutto funziona di nuovo: le cartelle sono aperte. La posta arrivata nel frattempo passa in arrivo.");

    /// @param language BCP 47 tag; what is not Italian is told in English, as the open folder is named
    Notice(Account account, String language) {
        this.account = account;
        this.words = language.startsWith("it") ? ITALIAN : ENGLISH;
    }

    /// Tells what the owner has not been told yet. Never waits for storage.
    void tell(Output out) throws IOException {
        boolean fault = account.service().reduced();
        if (fault == told) return;
        told = fault;
        out.ok(Code.Word.ALERT, fault ? words.fault() : words.back());
    }
}
