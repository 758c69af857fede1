package casella.delivery;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Redacted;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.message.Summary;
import casella.store.Accounts;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Takes complete messages to accounts.
///
/// Safe from any thread; callers are virtual threads and wait. One account gets one copy, however many of its addresses
/// are recipients. Several accounts are served side by side, at most [#SIDE_BY_SIDE] of one message at a time.
public final class Delivery {
    private static final int SIDE_BY_SIDE = 32;

    /// Larger messages are looked through on the CPU bulkhead, not on the caller's carrier.
    private static final int INLINE_BYTES = 64 << 10;
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(30);

    private final Directory directory;
    private final Accounts accounts;
    private final Bulkhead cpu;
    private final Metrics metrics;
    private final Clock clock;
    private final KeptBefore keptBefore;
    private final Usage usage;

    /// @param cpu as wide as the cores
    public Delivery(Directory directory, Accounts accounts, Bulkhead cpu, Clock clock, Metrics metrics) {
        this.directory = directory;
        this.accounts = accounts;
        this.cpu = cpu;
        this.metrics = metrics;
        this.clock = clock;
        this.keptBefore = new KeptBefore(clock);
        this.usage = new Usage(clock);
    }

    /// Says whether a message of about `bytes` for `address` would be taken.
    ///
    /// @param bytes as announced; 0 when the sender did not say
    public Admission admit(String address, long bytes) {
        try {
            return switch (directory.resolve(address)) {
                case Resolution.Local local -> room(recipient(local, address), bytes);
                case Resolution.Unknown _ -> new DeliveryOutcome.NoSuchRecipient();
                case Resolution.Disabled _ -> new DeliveryOutcome.Disabled();
                case Resolution.NotOurs _ -> new Admission.NotOurs();
            };
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "recipient", new Redacted(address), "step", "admit");
            return new DeliveryOutcome.TryLater(fault);
        }
    }

    private static Recipient recipient(Resolution.Local local, String address) {
        return new Recipient(
                address, local.account().id(), local.detail(), local.plan().quotaBytes());
    }

    /// An account that cannot be asked for its room is admitted: whether it takes the message is seen when it is whole.
    private Admission room(Recipient recipient, long bytes) {
        if (usage.plenty(recipient, bytes)) return new Admission.Admitted(recipient);
        try {
            long used = accounts.open(recipient.account()).read(view -> view.usedBytes());
            usage.asked(recipient.account(), used);
            if (used >= recipient.quotaBytes() || bytes > recipient.quotaBytes() - used) {
                return new DeliveryOutcome.OverQuota();
            }
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", recipient.account(), "step", "room");
        }
        return new Admission.Admitted(recipient);
    }

    /// Delivers to every recipient of `envelope` and returns what became of each, in their order.
    ///
    /// Never throws a [Fault]: it is the outcome `TryLater` of the recipient it hit.
    public List<DeliveryOutcome> deliver(Envelope envelope, Content content) {
        long start = clock.nanos();
        Map<AccountId, Recipient> byAccount = new LinkedHashMap<>();
        for (Recipient recipient : envelope.recipients()) {
            byAccount.putIfAbsent(recipient.account(), recipient);
        }
        Map<AccountId, DeliveryOutcome> outcomes;
        try {
            Message message = message(envelope, content);
            outcomes = byAccount.size() == 1
                    ? one(envelope, message)
                    : several(envelope, message, List.copyOf(byAccount.values()));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "summary");
            outcomes = new LinkedHashMap<>();
            for (AccountId account : byAccount.keySet()) {
                outcomes.put(account, new DeliveryOutcome.TryLater(fault));
            }
        }
        metrics.time(Metric.DELIVERY_SECONDS, Duration.ofNanos(clock.nanos() - start));
        var answers = new ArrayList<DeliveryOutcome>(envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) answers.add(outcomes.get(recipient.account()));
        return answers;
    }

    private Message message(Envelope envelope, Content content) {
        byte[] stored = Message.join(envelope, content);
        return new Message(stored, content.size(), () -> stored.length > INLINE_BYTES
                ? cpu.call(SUMMARY_TIME, () -> Summary.of(stored))
                : Summary.of(stored));
    }

    private Map<AccountId, DeliveryOutcome> one(Envelope envelope, Message message) {
        Recipient recipient = envelope.recipients().getFirst();
        return Map.of(recipient.account(), deliver(envelope, message, recipient));
    }

    private Map<AccountId, DeliveryOutcome> several(
            Envelope envelope, Message message, List<Recipient> recipients) {
        var outcomes = new ConcurrentHashMap<AccountId, DeliveryOutcome>();
        var turns = new Semaphore(SIDE_BY_SIDE);
        var threads = new ArrayList<Thread>();
        for (Recipient recipient : recipients) {
            turns.acquireUninterruptibly();
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    outcomes.put(recipient.account(), deliver(envelope, message, recipient));
                } finally {
                    turns.release();
                }
            }));
        }
        for (Thread thread : threads) joinFully(thread);
        settle(envelope, message, recipients, outcomes);
        return outcomes;
    }

    /// Remembers who was served if somebody was not, and forgets it when all were.
    private void settle(
            Envelope envelope, Message message, List<Recipient> recipients, Map<AccountId, DeliveryOutcome> outcomes) {
        boolean whole = true;
        for (Recipient recipient : recipients) {
            // A thread that died of a mistake of ours leaves no outcome, and the message is not kept for that account.
            DeliveryOutcome outcome = outcomes.computeIfAbsent(
                    recipient.account(),
                    id -> new DeliveryOutcome.TryLater(new Fault.Unavailable("Delivery broke off", Map.of("account", id))));
            whole &= outcome instanceof DeliveryOutcome.Kept;
        }
        for (Recipient recipient : recipients) {
            AccountId account = recipient.account();
            if (whole) {
                keptBefore.forget(envelope.sender(), account, message);
            } else if (outcomes.get(account) instanceof DeliveryOutcome.Kept(var arrival)) {
                keptBefore.remember(envelope.sender(), account, message, arrival);
            }
        }
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

    private DeliveryOutcome deliver(Envelope envelope, Message message, Recipient recipient) {
        DeliveryOutcome outcome = outcome(envelope, message, recipient);
        metrics.add(Metric.DELIVERY_RECIPIENTS, 1, outcome.label());
        Log.event(
                Event.DELIVERY_DONE,
                "id", envelope.trace().id(),
                "account", recipient.account(),
                "outcome", outcome.label(),
                "arrival", outcome instanceof DeliveryOutcome.Kept(var arrival) ? arrival : "none",
                "bytes", message.stored().length);
        return outcome;
    }

    private DeliveryOutcome outcome(Envelope envelope, Message message, Recipient recipient) {
        var before = keptBefore.find(envelope.sender(), recipient.account(), message);
        if (before.isPresent()) return new DeliveryOutcome.Kept(before.get());
        try {
            var email = new NewEmail(
                    message.stored(),
                    message::summary,
                    envelope.trace().at(),
                    envelope.sender(),
                    recipient.address(),
                    List.of(),
                    Keywords.NONE);
            return switch (accounts.open(recipient.account()).add(email)) {
                case Outcome.Kept(var kept, _) -> {
                    usage.delivered(recipient.account(), message.stored().length);
                    yield new DeliveryOutcome.Kept(kept.id());
                }
                case Outcome.OverQuota _ -> new DeliveryOutcome.OverQuota();
                case Outcome.NoMailbox _ -> throw new IllegalStateException("an account without INBOX");
            };
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", recipient.account(), "step", "file");
            return new DeliveryOutcome.TryLater(fault);
        } catch (RuntimeException mistake) {
            // One account's trouble is not its neighbours': they are answered, and this one's sender tries again.
            Log.event(Event.DELIVERY_TRY_LATER, mistake, "account", recipient.account(), "step", "mistake");
            return new DeliveryOutcome.TryLater(
                    new Fault.Unavailable("Delivery broke off", Map.of("account", recipient.account()), mistake));
        }
    }
}
