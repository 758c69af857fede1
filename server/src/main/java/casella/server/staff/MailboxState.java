package casella.server.staff;

import casella.base.Admission;
import casella.directory.Account;
import casella.server.control.Json;
import casella.store.Service;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How a mailbox is, and the sentence to read aloud to its owner: what works, what comes next, no more than is known.
///
/// @param word `whole`, `second-copy`, `contents-away`, `continuation`, `waiting`, `disabled` or `wiped`
/// @param since when it began; null where that is not known or does not matter
/// @param place how many are before, and one; 0 where nobody waits or that is not known
/// @param estimate when it is expected to be their turn; null where nobody waits
record MailboxState(String word, @Nullable Instant since, long place, @Nullable Instant estimate) {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final Duration STEP = Duration.ofMinutes(5);

    /// @param answer of the door, where the account is not let in; null where it is
    static MailboxState of(Account account, Service service, Admission.@Nullable Answer answer, Instant now) {
        if (account.state() != Account.State.ACTIVE) return new MailboxState(account.state().word(), null, 0,
                null);
        if (answer instanceof Admission.Answer.NotYet(long place, Duration estimate, Duration _)) {
            return new MailboxState("waiting", null, place, now.plus(estimate));
        }
        String word = switch (service.state()) {
            case LIVE -> "whole";
            case STANDBY, RETURNING -> "second-copy";
            case CONTINUATION -> "continuation";
            case CONTENTS_AWAY -> "contents-away";
        };
        return new MailboxState(word, service.since(), 0, null);
    }

    ObjectNode json() {
        ObjectNode out = Json.object().put("state", word).put("since", since == null ? null
                : since.toString());
        if (place > 0) out.putObject("place").put("number", place);
        else out.putNull("place");
        return out.put("estimate", estimate == null ? null : estimate.toString());
    }

    /// @param zone of times of day
    String italian(ZoneId zone) {
        return switch (word) {
            case "whole" -> "La sua casella funziona: può leggere, ricevere e scrivere come sempre.";
            case "second-copy" ->
                    "La sua casella funziona. Ora è servita da una seconda copia: non deve fare nulla.";
            case "contents-away" ->
                    "Può vedere l'elenco dei messaggi, ma per ora il loro testo non si apre. La posta nuova continua ad"
                    + " arrivare. Non deve fare nulla.";
            case "continuation" ->
                    "La posta nuova arriva nella cartella «Ricevuti durante il guasto», e può leggerla. Le altre cartelle"
                    + " per ora sono chiuse e torneranno. Non deve fare nulla.";
            case "waiting" -> "Facciamo rientrare tutti un po' alla volta." + (place > 0 ? " Lei è il numero "
                    + place + " in fila." : "")
                    + turn(" Contiamo di aprire la sua casella verso le ", zone)
                            + " La posta che arriva la trova al suo posto.";
            case "disabled" -> "La sua casella è sospesa: per ora non si può accedere.";
            default -> "Questa casella è stata chiusa su richiesta.";
        };
    }

    /// @param zone of times of day
    String english(ZoneId zone) {
        return switch (word) {
            case "whole" -> "Your mailbox works: you can read, receive and write as always.";
            case "second-copy" ->
                    "Your mailbox works. It is being served from a second copy now: you need not do anything.";
            case "contents-away" ->
                    "You can see the list of your messages, but for now their text does not open. New mail keeps arriving."
                    + " You need not do anything.";
            case "continuation" ->
                    "New mail arrives in the folder \"Received during the fault\", and you can read it. Your other folders"
                    + " are closed for now and will be back. You need not do anything.";
            case "waiting" -> "We let everyone in again a few at a time." + (place > 0 ? " You are number "
                    + place + " in the line." : "")
                    + turn(" We expect to open your mailbox at about ", zone)
                            + " Mail that arrives will be there.";
            case "disabled" -> "Your mailbox is suspended: nobody can log in for now.";
            default -> "This mailbox was closed on request.";
        };
    }

    /// Says when, to the next five minutes: an estimate is no promise.
    private String turn(String before, ZoneId zone) {
        if (estimate == null) return "";
        long step = STEP.toSeconds();
        Instant rounded = Instant.ofEpochSecond(Math.ceilDiv(estimate.getEpochSecond(), step) * step);
        return before + CLOCK.format(rounded.atZone(zone)) + ".";
    }
}
