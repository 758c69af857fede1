package casella.imap;

import casella.base.Notices;
import casella.store.Account;
import casella.store.Service;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What an owner is told of a fault, for all to see who read mail by a client that knows nothing of faults: one line when
/// the folders close or mails cannot be opened, one when all is as always again; and each thing that the operators say. A switch that nobody notices is not told
/// (docs/decisions/0121-owners-are-told-what-they-notice.md).
///
/// Clients must show an alert to the user, and many do so in a window of its own: RFC 9051 §7.1. Its texts are ASCII, since
/// others may be sent to IMAP4rev2 clients alone: RFC 9051 §9 `text`.
final class Notice {
    private final Account account;
    private final Words words;
    /// What the owner was told, and not yet of its end.
    private Trouble told = Trouble.NONE;
    private final Notices notices;
    private Notices.Listener listener;
    private final String language;
    /// What the operators said last that the owner was told; empty for nothing.
    private String said = "";
    /// What was there when it was last looked: the same again is no news, and costs nothing.
    private Notices.@Nullable Notice heard;

    /// What an owner notices.
    private enum Trouble {
        NONE,
        FOLDERS_CLOSED,
        CONTENTS_AWAY;

        static Trouble in(Service.State state) {
            return switch (state) {
                case LIVE, STANDBY, RETURNING -> NONE;
                case CONTINUATION -> FOLDERS_CLOSED;
                case CONTENTS_AWAY -> CONTENTS_AWAY;
            };
        }
    }

    /// @param closed what is the matter, what works
    /// @param open that it is over
    /// @param sealed that mails cannot be opened, what works
    /// @param unsealed that it is over
    private record Words(String closed, String open, String sealed, String unsealed) {
        String now(Trouble now, Trouble before) {
            return switch (now) {
                case FOLDERS_CLOSED -> closed;
                case CONTENTS_AWAY -> sealed;
                case NONE -> before == Trouble.FOLDERS_CLOSED ? open : unsealed;
            };
        }
    }

    private static final Words ENGLISH = new Words(
            "Your folders are closed because of a fault. New mail arrives in \"Received during the fault\";"
                    + " your folders will be back, nothing is lost.",
            "Everything works again: your folders are open. Mail that came meanwhile moves to your inbox.",
            "Your messages are kept safe, but because of a fault they cannot be opened right now. Folders and lists work;"
                    + " new mail is kept and appears when this is over.",
            "Everything works again: your messages can be opened. Mail that came meanwhile moves to your inbox.");

    private static final Words ITALIAN = new Words(
            "Le cartelle sono chiuse per un guasto. La nuova posta arriva in \"Ricevuti durante il guasto\";"
                    + " le cartelle torneranno, nulla va perso.",
            "Tutto funziona di nuovo: le cartelle sono aperte. La posta arrivata nel frattempo passa in arrivo.",
            "I messaggi sono al sicuro, ma per un guasto al momento non si possono aprire. Cartelle ed elenchi funzionano;"
                    + " la nuova posta viene conservata e compare appena tutto torna.",
            "Tutto funziona di nuovo: i messaggi si possono aprire. La posta arrivata nel frattempo passa in arrivo.");

    /// @param owner whose language it is told in: what is not Italian is told in English, as the open folder is named
    /// @param notices what the operators say
    Notice(Account account, casella.directory.Account owner, Notices notices) {
        this.account = account;
        this.notices = notices;
        this.listener = new Notices.Listener(owner.brand(), owner.id(), "imap", "");
        this.language = owner.language();
        this.words = language.startsWith("it") ? ITALIAN : ENGLISH;
    }

    /// The owner uses the program `name`.
    void app(String name) {
        listener = new Notices.Listener(listener.brand(), listener.account(), listener.door(), name);
    }

    /// Tells what the owner has not been told yet. Never waits for storage.
    void tell(Output out) throws IOException {
        tellService(out);
        Notices.Notice now = notices.of(listener).orElse(null);
        if (now == heard) return;
        heard = now;
        String text = saying();
        if (text.equals(said)) return;
        said = text;
        if (!text.isEmpty()) out.ok(Code.Word.ALERT, text);
    }

    /// Returns what the operators say now, as the text of a response; empty for nothing.
    String saying() {
        return notices.of(listener).map(one -> one.ascii(language)).orElse("");
    }

    private void tellService(Output out) throws IOException {
        Trouble now = Trouble.in(account.service().state());
        if (now == told) return;
        String text = words.now(now, told);
        told = now;
        out.ok(Code.Word.ALERT, text);
    }
}
