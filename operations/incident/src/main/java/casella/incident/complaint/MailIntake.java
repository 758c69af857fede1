package casella.incident.complaint;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Uid;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.Complaints.Reached;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Email;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.Rescue;
import casella.store.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes cases of the mails that come to a brand's mailbox for complaints. The mailbox is one like any other: what was accepted for it is
/// kept as all mail is, its staff reads it with any client, and what is taken here stays there. Where it was left is kept with the
/// case, so that a kill at any point costs nothing and doubles nothing.
///
/// Waits for the store, as work that nobody waits for: it opens no account elsewhere.
public final class MailIntake {
    /// Mails of one mailbox that are looked at in one round.
    private static final int PAGE = 100;
    private static final int BYTES_MAX = 1 << 20;
    /// What one sender writes within this time belongs to the case that is under way.
    private static final Duration TOGETHER = Duration.ofDays(1);

    private final Complaints complaints;
    private final Accounts accounts;
    private final Directory directory;
    private final Predicate<AccountId> away;
    private final Clock clock;

    /// @param away whether an account is served by something else now; at once
    public MailIntake(Complaints complaints, Accounts accounts, Directory directory,
            Predicate<AccountId> away, Clock clock) {
        this.complaints = complaints;
        this.accounts = accounts;
        this.directory = directory;
        this.away = away;
        this.clock = clock;
    }

    private record Page(long validity, List<Placement> placements, Map<Placement, Email> emails) {}

    /// Takes what has come to `address` since the last time.
    ///
    /// @return how many mails were looked at; 0 where there are none, or the mailbox is away now
    /// @throws Fault if store or desk do not answer; what was taken until then stands
    public int round(String brand, String address) {
        Resolution.Local local = directory.resolve(address).mailbox();
        if (local == null) return 0;
        AccountId id = local.account().id();
        if (away.test(id)) return 0;
        return ScopedValue.where(Rescue.UNATTENDED, true).call(() -> round(brand, accounts.open(id), id));
    }

    private int round(String brand, Account account, AccountId id) {
        Reached reached = complaints.reached(id).orElse(new Reached(0, 0));
        @Nullable Page page = account.<@Nullable Page>read(view -> {
            Mailbox inbox = view.mailbox(Role.INBOX);
            if (inbox == null) return null;
            long from = inbox.uidValidity() == reached.validity() ? reached.uid() + 1 : 1;
            if (from >= inbox.uidNext()) return new Page(inbox.uidValidity(), List.of(), Map.of());
            List<Placement> placements = view.placements(inbox.id(), Uid.of(from), PAGE);
            var emails = new HashMap<Placement, Email>();
            for (Placement one : placements) {
                Email email = view.email(one.email());
                if (email != null) emails.put(one, email);
            }
            return new Page(inbox.uidValidity(), placements, emails);
        });
        if (page == null) return 0;
        for (Placement one : page.placements()) {
            Email email = page.emails().get(one);
            if (email != null) take(brand, account, one, email);
            complaints.reach(id, new Reached(page.validity(), one.uid().value()));
        }
        return page.placements().size();
    }

    private void take(String brand, Account account, Placement placement, Email email) {
        // What a case was made of long ago, and was erased, is none again when the mailbox is read anew.
        if (placement.received().isBefore(complaints.keptSince())) return;
        byte[] raw = switch (account.body(email, 0, BYTES_MAX)) {
            case Body.Present(byte[] bytes) -> bytes;
            case Body.Unavailable(Fault why) -> throw why;
        };
        Optional<Written> written = Written.of(raw);
        if (written.isEmpty() || complaints.has(key(placement))) return;
        Written mail = written.get();
        Optional<Complaint> before = known(mail);
        if (before.isPresent() && before.get().steps().size() < Complaint.STEPS_MAX) {
            if (!taken(before.get(), placement)) complaints.add(before.get().id(),
                    new Step.Heard(heard(mail), key(placement)), mail.from());
            return;
        }
        Optional<casella.directory.Account> sender = sender(mail.from());
        var received = new Received(placement.received(), Channel.MAIL, Category.OTHER, brand,
                sender.map(one -> one.id().toString()).orElse(null),
                new Complaint.Person(mail.name(), mail.from()), mail.subject(), mail.text(),
                sender.map(one -> one.language().startsWith("it") ? "it" : "en").orElse("it"), "", "", "");
        complaints.open(key(placement), received);
    }

    private static String key(Placement placement) {
        return "mail-" + placement.email();
    }

    private static boolean taken(Complaint before, Placement placement) {
        return before.steps().stream().anyMatch(step ->
                step.what() instanceof Step.Heard heard && heard.key().equals(key(placement)));
    }

    private static String heard(Written mail) {
        String all = mail.subject().isEmpty() ? mail.text() : mail.subject() + "\n\n" + mail.text();
        return all.length() <= Received.TEXT_MAX ? all : all.substring(0, Received.TEXT_MAX).strip();
    }

    /// Returns the case that a mail belongs to: the one that it names, if it is its sender's, or the one that its sender began a while ago.
    private Optional<Complaint> known(Written mail) {
        String from = mail.from().toLowerCase(Locale.ROOT);
        if (mail.mentioned().isPresent()) {
            Optional<Complaint> named = complaints.complaint(mail.mentioned().getAsLong())
                    .filter(one -> one.received().person().contact().toLowerCase(Locale.ROOT).equals(from)
                            || sender(mail.from()).map(account -> account.id().toString())
                                    .filter(id -> id.equals(one.received().account())).isPresent());
            if (named.isPresent()) return named;
        }
        return complaints.underWay(from, clock.now().minus(TOGETHER));
    }

    private Optional<casella.directory.Account> sender(String address) {
        try {
            return Optional.ofNullable(directory.resolve(address).mailbox()).map(Resolution.Local::account);
        } catch (Fault e) {
            return Optional.empty();
        }
    }
}
