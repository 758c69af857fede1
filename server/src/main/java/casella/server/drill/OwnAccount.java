package casella.server.drill;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Uid;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.Registrar;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The account that takes the mails of drills, so that nobody's mailbox does: entered into the directory by the first drill,
/// without a password, and kept. What a drill put there ends with it.
///
/// @param address `casella-drill@` the first domain of the first brand that has one
record OwnAccount(String address, Account account) {
    static final String LOCAL = "casella-drill";
    static final String NAME = "Casella drills";
    private static final int PAGE = 500;

    /// Returns the account, entered if it is missing.
    ///
    /// @throws IllegalArgumentException if it cannot be had: there is no domain, or the address is somebody else's
    /// @throws casella.base.Fault if directory or store cannot be asked now
    static OwnAccount ready(Registrar registrar, Accounts accounts) {
        String address = LOCAL + "@" + domain(registrar);
        Optional<casella.directory.Account> there = registrar.find(address);
        casella.directory.Account entry = there.isPresent() ? there.get() : entered(registrar, address);
        if (!entry.displayName().equals(NAME) || !entry.active()) {
            throw new IllegalArgumentException("drill: " + address + " is somebody's, or not active;"
                    + " drills send their test mails there and to nobody else");
        }
        var own = new OwnAccount(address, accounts.open(entry.id()));
        own.clear();
        return own;
    }

    private static String domain(Registrar registrar) {
        for (Brand brand : registrar.brands()) {
            List<String> domains = registrar.domains(brand.name());
            if (!domains.isEmpty()) return domains.getFirst();
        }
        throw new IllegalArgumentException("drill: the server has no domain yet (casella domain add)");
    }

    private static casella.directory.Account entered(Registrar registrar, String address) {
        var wanted = new Registrar.NewAccount(address, null, NAME, null, null, List.of(), null);
        return switch (registrar.add(wanted)) {
            case Answer.Done<casella.directory.Account>(var made) -> made;
            case Answer.Refused<casella.directory.Account> refused ->
                throw new IllegalArgumentException("drill: " + address + ": " + refused.message());
        };
    }

    AccountId id() {
        return account.id();
    }

    /// Returns the address with a detail, which is the same account's. RFC 5233 §1.
    String detailed(String detail) {
        return address.replace("@", "+" + detail + "@");
    }

    String domain() {
        return address.substring(address.indexOf('@') + 1);
    }

    /// One mail as it is in the inbox now.
    record Found(Uid uid, ArrivalId email, String subject) {}

    /// Returns mails of the inbox with a UID of at least `from`, in order, at most a page.
    List<Found> page(Uid from) {
        return account.read(view -> {
            Mailbox inbox = view.mailbox(Mailbox.INBOX);
            if (inbox == null) return List.of();
            return found(view, inbox.id(), from);
        });
    }

    private static String subject(Placement placement, @Nullable Summary summary) {
        String subject = summary == null ? null : summary.envelope().subject();
        return subject == null ? placement.email().toString() : subject;
    }

    /// Returns the UID after `uid`; the last one is followed by itself.
    static Uid after(Uid uid) {
        return uid.equals(Uid.LAST) ? uid : Uid.of(uid.value() + 1);
    }

    /// What a client sees that is open: mails of the inbox or, where folders are closed, of the one that is open.
    ///
    /// @param mailbox null where there is none
    record Open(@Nullable MailboxId mailbox, List<Found> found) {}

    /// Returns mails there, from the UID that `from` says of the mailbox, in order, at most a page.
    Open open(Function<MailboxId, Uid> from) {
        return account.read(view -> {
            Mailbox mailbox = view.partial() ? view.mailbox(FaceRows.RECEIVED) : view.mailbox(Mailbox.INBOX);
            if (mailbox == null) return new Open(null, List.of());
            MailboxId id = mailbox.id();
            return new Open(id, found(view, id, from.apply(id)));
        });
    }

    private static List<Found> found(View view, MailboxId mailbox, Uid from) {
        return view.placements(mailbox, from, PAGE).stream()
                .map(placement -> new Found(placement.uid(), placement.email(),
                        subject(placement, view.summary(placement.email()))))
                .toList();
    }

    /// Returns how often each subject is in the inbox.
    Map<String, Integer> subjects() {
        var counts = new HashMap<String, Integer>();
        @Nullable Uid from = Uid.FIRST;
        while (from != null) {
            List<Found> page = page(from);
            for (Found found : page) counts.merge(found.subject(), 1, Integer::sum);
            from = page.size() < PAGE ? null : after(page.getLast().uid());
        }
        return counts;
    }

    /// Ends what drills before left in the inbox.
    void clear() {
        for (List<Found> page = page(Uid.FIRST); !page.isEmpty(); page = page(Uid.FIRST)) {
            Set<ArrivalId> emails = new HashSet<>();
            for (Found found : page) emails.add(found.email());
            for (ArrivalId email : emails) if (!account.destroyEmail(email)) return;
        }
    }
}
