package casella.delivery;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.MailboxId;
import casella.base.Metric;
import casella.directory.Face;
import casella.message.Address;
import casella.message.Summary;
import casella.message.envelope.Notify;
import casella.queue.Classified;
import casella.queue.Classifier;
import casella.queue.Priority;
import casella.queue.Proof;
import casella.queue.QueueId;
import casella.queue.QueueItem;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One message on its way to its recipients: what is tried for each, and what became of it. RFC 5321 §3.3 calls it that.
///
/// Used by one thread, which has others try accounts side by side.
final class Transaction {
    /// Larger messages are looked through on the CPU bulkhead, not on the caller's carrier.
    private static final int INLINE_BYTES = 64 << 10;
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(30);

    /// Recipients whose turn comes later than this go to the queue without an attempt: senders wait at most 10 minutes
    /// for the reply (RFC 5321 §4.5.3.2.6).
    private static final Duration DIRECT_TIME = Duration.ofSeconds(60);

    private final Delivery at;
    private final Envelope envelope;
    private final Message message;
    private final long start;
    private final List<Attempt> attempts = new ArrayList<>();
    private volatile Disposition disposition;
    private @Nullable Priority priority;

    private final Map<AccountId, DeliveryOutcome> outcomes = new ConcurrentHashMap<>();
    /// Accounts that cannot be written now; with some the outcome is unknown.
    private final Map<AccountId, Fault> away = new ConcurrentHashMap<>();
    /// Those that were not tried, since their owners' turn has not come.
    private final Queue<Attempt> held = new ConcurrentLinkedQueue<>();
    /// By address.
    private final Map<String, DeliveryOutcome> elsewhere = new ConcurrentHashMap<>();

    private Transaction(Delivery at, Envelope envelope, Checking.Checked checked) {
        this.at = at;
        this.envelope = envelope;
        this.start = at.clock.nanos();
        this.disposition = checked.disposition();
        byte[] stored = Message.join(envelope, checked);
        this.message = new Message(stored, checked.mail().size(), checked.proof(), () ->
                stored.length > INLINE_BYTES
                ? at.cpu.call(SUMMARY_TIME, () -> Summary.of(stored))
                : Summary.of(stored));
    }

    /// One whose message is looked at first.
    static Transaction checked(Delivery at, Envelope envelope, Content content) {
        return new Transaction(at, envelope, at.checking.check(envelope, content));
    }

    /// One whose message we wrote.
    static Transaction ours(Delivery at, Envelope envelope, Content content) {
        return new Transaction(at, envelope, Checking.NONE.check(envelope, content));
    }

    /// One recipient, and the arrival under which everything is tried for it.
    ///
    /// @param again whether that arrival was tried before
    private record Attempt(Recipient.Local recipient, ArrivalId arrival, boolean again) {
        AccountId account() {
            return recipient.account();
        }
    }

    /// Returns the message's Message-ID; empty where it has none.
    String messageId() {
        return message.messageId();
    }

    /// Delivers to every recipient and returns what became of each, in their order.
    List<DeliveryOutcome> deliver() {
        Map<AccountId, Recipient.Local> byAccount = new LinkedHashMap<>();
        var remote = new ArrayList<Recipient.Remote>();
        var onward = new ArrayList<Recipient.Forwarded>();
        for (Recipient recipient : envelope.recipients()) {
            switch (recipient) {
                case Recipient.Local local -> byAccount.putIfAbsent(local.account(), local);
                case Recipient.Remote other -> remote.add(other);
                case Recipient.Forwarded forwarded -> {
                    for (Recipient.Local local : forwarded.here()) byAccount.putIfAbsent(local.account(),
                            local);
                    if (!forwarded.elsewhere().isEmpty()) onward.add(forwarded);
                }
            }
        }
        for (Recipient.Local recipient : byAccount.values()) attempts.add(attempt(recipient));
        if (!(disposition instanceof Disposition.Refuse)) scan();
        if (disposition instanceof Disposition.Refuse refused) return refuse(refused);
        tryAccounts();
        if (!enqueue()) {
            // A queue that takes no more is no reason to refuse mail that its account can take.
            for (Attempt attempt : held) file(attempt);
        }
        if (!remote.isEmpty()) send(envelope.sender(), remote, Set.of());
        if (!onward.isEmpty()) forward(onward);
        settle();
        for (Attempt attempt : attempts) tell(attempt);
        List<DeliveryOutcome> answers = answers();
        tellOfSuccess(answers);
        return answers;
    }

    /// Delivers to the one recipient under `arrival`, past its quota, once.
    DeliveryOutcome once(ArrivalId arrival) {
        var attempt = new Attempt((Recipient.Local) envelope.recipients().getFirst(), arrival, true);
        attempts.add(attempt);
        AccountId id = attempt.account();
        try {
            if (waits(id)) throw new Fault.Unavailable("Its owner is not let in yet", Map.of("account", id));
            var _ = at.accounts.open(id).file(arrival, email(attempt, null));
            outcomes.put(id, new DeliveryOutcome.Kept(arrival));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", id, "step", "once");
            away.put(id, fault);
            var _ = enqueue();
        }
        tell(attempt);
        return outcome(id);
    }

    private List<DeliveryOutcome> answers() {
        var answers = new ArrayList<DeliveryOutcome>(envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) {
            answers.add(outcome(recipient));
        }
        return answers;
    }

    private DeliveryOutcome outcome(Recipient recipient) {
        return switch (recipient) {
            case Recipient.Local local -> outcome(local.account());
            case Recipient.Remote other -> {
                DeliveryOutcome outcome = going(other.address());
                yield outcome != null ? outcome
                        : new DeliveryOutcome.TryLater(new Fault.Unavailable("Not sent", Map.of()));
            }
            case Recipient.Forwarded forwarded -> {
                List<? extends Recipient> to = stays(forwarded) ? forwarded.here() : forwarded.to();
                // All to whom it goes on have it already.
                if (to.isEmpty()) yield new DeliveryOutcome.Queued(at.accounts.nextArrival());
                List<DeliveryOutcome> all = to.stream().map(this::outcome).toList();
                yield all.stream().filter(one -> !one.accepted()).findFirst().orElse(all.getFirst());
            }
        };
    }

    /// Junk is not passed on by who keeps a copy of it, nor what was passed on before: it came back in a circle.
    private boolean stays(Recipient.Forwarded forwarded) {
        boolean kept = disposition instanceof Disposition.Junk && !forwarded.here().isEmpty();
        return kept || mark(forwarded).filter(message::isMarked).isPresent();
    }

    /// Passes on what is to go on, in one message for each name it goes under: what was kept is kept for all who have that name.
    ///
    /// RFC 3461 §5.2.7: what goes on to one other alone takes along what its sender wanted to be told; of what goes on to several
    /// he hears here.
    private void forward(List<Recipient.Forwarded> all) {
        Map<String, Map<String, Recipient.Remote>> byName = new LinkedHashMap<>();
        Set<String> marks = new LinkedHashSet<>();
        for (Recipient.Forwarded forwarded : all) {
            if (stays(forwarded)) continue;
            mark(forwarded).ifPresent(marks::add);
            Notify wants = forwarded.to().size() == 1 ? forwarded.wants() : forwarded.wants()
                    .withoutSuccess();
            for (Recipient.Remote one : forwarded.elsewhere()) {
                // Who is a recipient by another name too gets it once.
                if (going(one.address()) != null) continue;
                byName.computeIfAbsent(passedOnBy(forwarded.domain()), _ -> new LinkedHashMap<>())
                        .putIfAbsent(one.address(), one.with(wants));
            }
        }
        byName.forEach((name, to) -> send(name, List.copyOf(to.values()), marks));
    }

    /// What says in a message that an address passed it on, to nobody but us.
    private Optional<String> mark(Recipient.Forwarded forwarded) {
        return Optional.ofNullable(at.srs).map(srs -> srs.mark(forwarded.address()));
    }

    /// Returns what became of an address elsewhere; null where nothing was tried for it.
    private @Nullable DeliveryOutcome going(String address) {
        return elsewhere.get(address);
    }

    /// A sender of ours needs no other name: our servers may send in it.
    private String passedOnBy(String domain) {
        String sender = envelope.sender();
        Srs srs = at.srs;
        if (srs == null || at.directory.serves(sender.substring(sender.lastIndexOf('@') + 1))) return sender;
        return srs.forward(sender, domain);
    }

    private void tellOfSuccess(List<DeliveryOutcome> answers) {
        Successes successes = at.successes;
        if (successes == null || envelope.sender().isEmpty()) return;
        // Whoever writes another's address into MAIL would have us write to him: only a sender who is proven, or ours, is told.
        if (message.proof() == Proof.NONE || !(disposition instanceof Disposition.Inbox)) return;
        // SMTP answers for all of them at once: told to try again, he hears when it went well.
        boolean each = envelope.trace().with().contains("LMTP");
        if (!each && !answers.stream().allMatch(DeliveryOutcome::accepted)) return;
        var all = new ArrayList<Successes.Success>();
        for (int i = 0; i < answers.size(); i++) {
            Recipient one = envelope.recipients().get(i);
            boolean expanded = one instanceof Recipient.Forwarded forwarded && forwarded.to().size() > 1;
            boolean here = switch (one) {
                case Recipient.Local _ -> true;
                case Recipient.Forwarded forwarded -> expanded || !forwarded.here().isEmpty();
                case Recipient.Remote _ -> false;
            };
            if (here && answers.get(i).accepted() && one.wants().wants(Notify.On.SUCCESS)) {
                all.add(new Successes.Success(one, expanded));
            }
        }
        if (all.isEmpty()) return;
        try {
            successes.tell(envelope, message.stored(), all);
        } catch (RuntimeException e) {
            // The mail is delivered, whatever becomes of the report.
            Log.event(Event.DELIVERY_NOT_TOLD, e, "id", envelope.trace().id());
        }
    }

    /// A thread that died of a mistake of ours leaves no outcome, and the message is not kept for that account.
    private DeliveryOutcome outcome(AccountId account) {
        DeliveryOutcome outcome = outcomes.get(account);
        if (outcome != null) return outcome;
        Fault fault = away.get(account);
        return new DeliveryOutcome.TryLater(
                fault != null ? fault : new Fault.Unavailable("Delivery broke off", Map.of("account",
                        account)));
    }

    private Attempt attempt(Recipient.Local recipient) {
        Optional<ArrivalId> before = at.triedBefore.find(envelope.sender(), recipient.account(), message);
        return new Attempt(recipient, before.orElseGet(at.accounts::nextArrival), before.isPresent());
    }

    // What it is.

    private void scan() {
        Scanning scanning = at.scanning;
        switch (scanning.scan(envelope, message.stored(), () -> priority() == Priority.URGENT)) {
            case Scanning.Scan.Done(Disposition found) -> disposition = disposition.or(found);
            case Scanning.Scan.NotYet _ -> {
                List<Scanning.Unscanned> unscanned = attempts.stream()
                        .map(one -> new Scanning.Unscanned(one.account(), one.arrival()))
                        .toList();
                if (!unscanned.isEmpty()) scanning.later(unscanned);
            }
        }
    }

    private List<DeliveryOutcome> refuse(Disposition.Refuse why) {
        var refused = new DeliveryOutcome.Refused(why);
        for (Attempt attempt : attempts) {
            // It may have been filed when it was tried before, and whoever sent it still does not know.
            if (attempt.again()) at.triedBefore.forget(envelope.sender(), attempt.account(), message);
            outcomes.put(attempt.account(), refused);
            tell(attempt);
        }
        return envelope.recipients().stream().<DeliveryOutcome>map(_ -> refused).toList();
    }

    /// A message that nobody can look into now is taken for personal. Asked once: each look counts towards its sender's rate.
    private synchronized Priority priority() {
        if (priority == null) priority = classified();
        return priority;
    }

    private Priority classified() {
        Summary summary;
        try {
            summary = message.summary();
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "priority");
            return Priority.PERSONAL;
        }
        var arrival = new Classifier.Arrival(
                envelope.sender(), envelope.recipients().size(), envelope.options().mtPriority(),
                        message.proof());
        Classified asked = at.classifier.of(arrival, message.stored(), summary);
        Priority allowed = at.urgent.allow(asked.priority(), envelope.sender());
        String reason = allowed == asked.priority() ? asked.reason() : "over-the-rate (" + asked.reason()
                + ")";
        Log.event(Event.DELIVERY_CLASSIFIED, "id", envelope.trace().id(), "priority", allowed.word(),
                "reason", reason);
        return allowed;
    }

    // Here.

    private boolean waits(AccountId id) {
        return at.queue.isPresent() && at.held.test(id);
    }

    private void tryAccounts() {
        if (attempts.size() == 1) {
            tryAccount(attempts.getFirst());
            return;
        }
        var turns = new Semaphore(Delivery.SIDE_BY_SIDE);
        var threads = new ArrayList<Thread>();
        for (Attempt attempt : attempts) {
            turns.acquireUninterruptibly();
            if (at.queue.isPresent() && at.clock.nanos() - start > DIRECT_TIME.toNanos()) {
                turns.release();
                away.put(attempt.account(),
                        new Fault.Unavailable("No time left to try", Map.of("account", attempt.account())));
                continue;
            }
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    tryAccount(attempt);
                } finally {
                    turns.release();
                }
            }));
        }
        for (Thread thread : threads) joinFully(thread);
    }

    private static void joinFully(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // the answer must say what happened, so it is waited for
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void tryAccount(Attempt attempt) {
        AccountId id = attempt.account();
        if (waits(id)) {
            held.add(attempt);
            away.put(id, new Fault.Unavailable("Its owner is not let in yet", Map.of("account", id)));
            return;
        }
        file(attempt);
    }

    private void file(Attempt attempt) {
        AccountId id = attempt.account();
        try {
            outcomes.put(id, filed(attempt));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", id, "step", "file");
            away.put(id, fault);
        } catch (RuntimeException mistake) {
            // One account's trouble is not its neighbours': they are answered, this one's sender tries again.
            Log.event(Event.DELIVERY_TRY_LATER, mistake, "account", id, "step", "mistake");
            outcomes.put(id, new DeliveryOutcome.TryLater(
                    new Fault.Unavailable("Delivery broke off", Map.of("account", id), mistake)));
        }
    }

    private DeliveryOutcome filed(Attempt attempt) {
        Account account = at.accounts.open(attempt.account());
        if (attempt.again() && account.knows(attempt.arrival())) {
            return new DeliveryOutcome.Kept(attempt.arrival());
        }
        Mailbox junk = disposition instanceof Disposition.Junk ? account.read(view -> view.mailbox(Role.JUNK))
                : null;
        Outcome.Added outcome = account.add(attempt.arrival(), email(attempt, junk == null ? null
                : junk.id()));
        // Its owner may have deleted Junk since it was looked for.
        if (outcome instanceof Outcome.NoMailbox) outcome = account.add(attempt.arrival(), email(attempt,
                null));
        return switch (outcome) {
            case Outcome.Kept(var kept, _) -> {
                at.usage.delivered(attempt.account(), message.stored().length);
                yield new DeliveryOutcome.Kept(kept.id());
            }
            case Outcome.OverQuota _ -> new DeliveryOutcome.OverQuota();
            case Outcome.NoMailbox _ -> throw new IllegalStateException("an account without INBOX");
        };
    }

    /// @param mailbox null for INBOX
    private NewEmail email(Attempt attempt, @Nullable MailboxId mailbox) {
        return new NewEmail(
                message.stored(),
                message::summary,
                envelope.trace().at(),
                envelope.sender(),
                attempt.recipient().address(),
                mailbox == null ? List.of() : List.of(mailbox),
                Keywords.NONE);
    }

    /// Keeps the message in the queue for the accounts that could not be written, its bytes once for all of them.
    ///
    /// @return whether it took what it was asked to
    private boolean enqueue() {
        List<Attempt> left = attempts.stream().filter(attempt -> away.containsKey(attempt.account()))
                .toList();
        if (at.queue.isEmpty() || left.isEmpty()) return true;
        var items = new ArrayList<QueueItem>();
        for (Attempt attempt : left) {
            items.add(new QueueItem(
                    attempt.arrival(), attempt.account(), attempt.recipient().address(),
                            queuedFor(attempt.account())));
        }
        var queued = new QueuedMessage(
                QueueId.random(), priority(), envelope.trace().at(), envelope.sender(), items,
                        message.stored());
        try {
            at.queue.get().keep(queued, Delivery.QUEUE_TIME);
            for (Attempt attempt : left) {
                outcomes.put(attempt.account(), new DeliveryOutcome.Queued(attempt.arrival()));
            }
            return true;
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "queue");
            var later = new DeliveryOutcome.TryLater(fault);
            for (Attempt attempt : left) outcomes.put(attempt.account(), later);
            return false;
        }
    }

    /// Returns the Junk of an account that cannot be asked, as its face knows it; null for INBOX.
    private @Nullable MailboxId queuedFor(AccountId account) {
        if (!(disposition instanceof Disposition.Junk)) return null;
        try {
            return at.directory.face(account).stream()
                    .flatMap(face -> face.folders().stream())
                    .filter(folder -> folder.role().equals(Role.JUNK.word()))
                    .map(Face.Folder::id)
                    .findFirst()
                    .orElse(null);
        } catch (Fault fault) {
            return null; // INBOX is where owners look, so nothing is lost in it
        }
    }

    // Elsewhere.

    /// Keeps the message in the queue for recipients elsewhere.
    ///
    /// Not while a recipient here failed: SMTP has one reply for all, so it comes again for all of them (RFC 5321 §4.1.1.4),
    /// and would be sent twice.
    ///
    /// @param marks of addresses here that pass it on; none for the mail of who submitted it, which ends with his account
    private void send(String sender, List<Recipient.Remote> recipients, Set<String> marks) {
        if (at.queue.isEmpty()) return;
        if (!attempts.stream().allMatch(attempt -> outcome(attempt.account()).accepted())) return;
        var items = new LinkedHashMap<Recipient.Remote, RemoteItem>();
        for (Recipient.Remote one : recipients) {
            items.put(one, new RemoteItem(at.accounts.nextArrival(), one.address(), one.wants()));
        }
        var queued = new QueuedMessage(
                QueueId.random(), priority(), envelope.trace().at(), sender, List.of(),
                List.copyOf(items.values()), envelope.options(), marks.isEmpty() ? envelope.account() : null,
                message.onward(envelope, marks, signatures()));
        try {
            at.queue.get().keep(queued, Delivery.QUEUE_TIME);
            items.forEach((one, item) -> elsewhere.put(one.address(), new DeliveryOutcome.Queued(item.id())));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "send");
            for (Recipient.Remote one : recipients) elsewhere.put(one.address(),
                    new DeliveryOutcome.TryLater(fault));
        }
    }

    /// What cannot be signed goes unsigned: it is the owner's mail, and whoever gets it judges.
    private byte[] signatures() {
        if (envelope.account() == null) return new byte[0];
        try {
            List<Address.Mailbox> from = Address.flat(message.summary().envelope().from());
            String author = from.isEmpty() ? envelope.sender() : from.getFirst().email();
            String domain = author.substring(author.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
            if (!at.directory.serves(domain)) return new byte[0];
            byte[] sent = message.sent();
            return at.cpu.call(SUMMARY_TIME, () -> at.signing.fields(domain, sent));
        } catch (Fault | IllegalArgumentException e) {
            Log.event(Event.DELIVERY_UNSIGNED, e, "id", envelope.trace().id());
            return new byte[0];
        }
    }

    // After it.

    /// Remembers what was tried if somebody may not have the message, and forgets it when all have it.
    private void settle() {
        // Whoever is told to try again sends to all of them again, also to those elsewhere.
        boolean whole = envelope.recipients().stream().allMatch(one -> outcome(one).accepted());
        for (Attempt attempt : attempts) {
            AccountId account = attempt.account();
            DeliveryOutcome outcome = outcome(account);
            if (whole) {
                if (attempt.again()) at.triedBefore.forget(envelope.sender(), account, message);
            } else if (outcome.accepted() || outcome instanceof DeliveryOutcome.TryLater) {
                at.triedBefore.remember(envelope.sender(), account, message, attempt.arrival());
            }
        }
    }

    private void tell(Attempt attempt) {
        DeliveryOutcome outcome = outcome(attempt.account());
        at.metrics.add(Metric.DELIVERY_RECIPIENTS, 1, outcome.label());
        Log.event(
                Event.DELIVERY_DONE,
                "id", envelope.trace().id(),
                "account", attempt.account(),
                "outcome", outcome.label(),
                "disposition", disposition.word(),
                "arrival", outcome.accepted() ? attempt.arrival() : "none",
                "bytes", message.stored().length);
    }
}
