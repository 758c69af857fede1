package casella.delivery;

import casella.base.AccountId;
import casella.base.ArrivalId;
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
import casella.queue.Classifier;
import casella.queue.LocalQueue;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueueItem;
import casella.queue.QueuedMessage;
import casella.queue.UrgentAllowance;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Takes complete messages to accounts.
///
/// Safe from any thread; callers are virtual threads and wait. One account gets one copy, however many of its addresses
/// are recipients. Several accounts are served side by side, at most [#SIDE_BY_SIDE] of one message at a time. Those that
/// cannot be written now get theirs through the local queue, under the arrival that was tried: whatever became of the
/// attempt, the message is there once.
public final class Delivery {
    private static final int SIDE_BY_SIDE = 32;

    /// Larger messages are looked through on the CPU bulkhead, not on the caller's carrier.
    private static final int INLINE_BYTES = 64 << 10;
    private static final Duration SUMMARY_TIME = Duration.ofSeconds(30);

    /// Recipients whose turn comes later than this go to the queue without an attempt: senders wait at most 10 minutes
    /// for the reply (RFC 5321 §4.5.3.2.6).
    private static final Duration DIRECT_TIME = Duration.ofSeconds(60);
    private static final Duration QUEUE_TIME = Duration.ofSeconds(20);

    private final Directory directory;
    private final Accounts accounts;
    private final Bulkhead cpu;
    private final Metrics metrics;
    private final Clock clock;
    private final Optional<LocalQueue> queue;
    private final UrgentAllowance urgent;
    private final TriedBefore triedBefore;
    private final Usage usage;
    private volatile Predicate<AccountId> held = _ -> false;
    private volatile Listener listener = (_, _, _) -> {};

    /// A delivery without a queue: what an account cannot take now its sender keeps.
    ///
    /// @param cpu as wide as the cores
    public Delivery(Directory directory, Accounts accounts, Bulkhead cpu, Clock clock, Metrics metrics) {
        this(directory, accounts, Optional.empty(), cpu, clock, metrics);
    }

    /// @param queue takes what accounts cannot take now
    /// @param cpu as wide as the cores
    public Delivery(
            Directory directory,
            Accounts accounts,
            Optional<LocalQueue> queue,
            Bulkhead cpu,
            Clock clock,
            Metrics metrics) {
        this.directory = directory;
        this.accounts = accounts;
        this.queue = queue;
        this.urgent = new UrgentAllowance(clock);
        this.cpu = cpu;
        this.metrics = metrics;
        this.clock = clock;
        this.triedBefore = new TriedBefore(clock);
        this.usage = new Usage(clock);
    }

    /// Lets mail wait in the queue for accounts whose owners' turn to be let in has not come.
    ///
    /// @param accounts never waits
    public Delivery holds(Predicate<AccountId> accounts) {
        held = accounts;
        return this;
    }

    /// Told what became of each message, on the thread that delivers: no waiting.
    @FunctionalInterface
    public interface Listener {
        /// @param outcomes of the envelope's recipients, in their order
        /// @param messageId looks for it in the header; empty where it has none
        void delivered(Envelope envelope, List<DeliveryOutcome> outcomes, Supplier<String> messageId);
    }

    /// Has `told` hear of each message from now on.
    public Delivery tells(Listener told) {
        listener = told;
        return this;
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
                address, local.account().id(), local.detail(), local.quotaBytes());
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
        Message message = message(envelope, content);
        var attempts = new ArrayList<Attempt>();
        for (Recipient recipient : byAccount.values()) attempts.add(attempt(envelope, message, recipient));
        var results = new Results();
        tryAccounts(envelope, message, attempts, results, start);
        if (!enqueue(envelope, message, attempts, results)) {
            // A queue that takes no more is no reason to refuse mail that its account can take.
            for (Attempt attempt : results.held) file(envelope, message, attempt, results);
        }
        settle(envelope, message, attempts, results);
        for (Attempt attempt : attempts) tell(envelope, message, attempt, results);
        metrics.time(Metric.DELIVERY_SECONDS, Duration.ofNanos(clock.nanos() - start));
        var answers = new ArrayList<DeliveryOutcome>(envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) answers.add(results.of(recipient.account()));
        listener.delivered(envelope, answers, message::messageId);
        return answers;
    }

    /// Delivers a message of our own to one account, past its quota, under an arrival that the caller knows again: the account has it
    /// once, however often it is asked for, also after a kill and when the owner deleted it (I4).
    ///
    /// Never throws a [Fault]: it is the outcome `TryLater`.
    public DeliveryOutcome once(Recipient recipient, Trace trace, Content content, ArrivalId arrival) {
        var envelope = new Envelope("", List.of(recipient), trace);
        Message message = message(envelope, content);
        var attempt = new Attempt(recipient, arrival, true);
        var results = new Results();
        AccountId id = recipient.account();
        try {
            if (queue.isPresent() && held.test(id)) {
                throw new Fault.Unavailable("Its owner is not let in yet", Map.of("account", id));
            }
            var email = new NewEmail(message.stored(), message::summary, trace.at(), "", recipient.address(), List.of(),
                    Keywords.NONE);
            var _ = accounts.open(id).file(arrival, email);
            results.outcomes.put(id, new DeliveryOutcome.Kept(arrival));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", id, "step", "once");
            results.away.put(id, fault);
            var _ = enqueue(envelope, message, List.of(attempt), results);
        }
        tell(envelope, message, attempt, results);
        return results.of(id);
    }

    /// One recipient, and the arrival under which everything is tried for it.
    ///
    /// @param again whether that arrival was tried before
    private record Attempt(Recipient recipient, ArrivalId arrival, boolean again) {
        AccountId account() {
            return recipient.account();
        }
    }

    /// What became of each account so far.
    private static final class Results {
        final Map<AccountId, DeliveryOutcome> outcomes = new ConcurrentHashMap<>();
        /// Accounts that cannot be written now; with some the outcome is unknown.
        final Map<AccountId, Fault> away = new ConcurrentHashMap<>();
        /// Those that were not tried, since their owners' turn has not come.
        final Queue<Attempt> held = new ConcurrentLinkedQueue<>();

        /// A thread that died of a mistake of ours leaves no outcome, and the message is not kept for that account.
        DeliveryOutcome of(AccountId account) {
            DeliveryOutcome outcome = outcomes.get(account);
            if (outcome != null) return outcome;
            Fault fault = away.get(account);
            return new DeliveryOutcome.TryLater(
                    fault != null ? fault : new Fault.Unavailable("Delivery broke off", Map.of("account", account)));
        }
    }

    private Message message(Envelope envelope, Content content) {
        byte[] stored = Message.join(envelope, content);
        return new Message(stored, content.size(), () -> stored.length > INLINE_BYTES
                ? cpu.call(SUMMARY_TIME, () -> Summary.of(stored))
                : Summary.of(stored));
    }

    private Attempt attempt(Envelope envelope, Message message, Recipient recipient) {
        Optional<ArrivalId> before = triedBefore.find(envelope.sender(), recipient.account(), message);
        return new Attempt(recipient, before.orElseGet(accounts::nextArrival), before.isPresent());
    }

    private void tryAccounts(
            Envelope envelope, Message message, List<Attempt> attempts, Results results, long start) {
        if (attempts.size() == 1) {
            tryAccount(envelope, message, attempts.getFirst(), results);
            return;
        }
        var turns = new Semaphore(SIDE_BY_SIDE);
        var threads = new ArrayList<Thread>();
        for (Attempt attempt : attempts) {
            turns.acquireUninterruptibly();
            if (queue.isPresent() && clock.nanos() - start > DIRECT_TIME.toNanos()) {
                turns.release();
                results.away.put(
                        attempt.account(), new Fault.Unavailable("No time left to try", Map.of("account", attempt.account())));
                continue;
            }
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    tryAccount(envelope, message, attempt, results);
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

    private void tryAccount(Envelope envelope, Message message, Attempt attempt, Results results) {
        AccountId id = attempt.account();
        if (queue.isPresent() && held.test(id)) {
            results.held.add(attempt);
            results.away.put(id, new Fault.Unavailable("Its owner is not let in yet", Map.of("account", id)));
            return;
        }
        file(envelope, message, attempt, results);
    }

    private void file(Envelope envelope, Message message, Attempt attempt, Results results) {
        AccountId id = attempt.account();
        try {
            var email = new NewEmail(
                    message.stored(),
                    message::summary,
                    envelope.trace().at(),
                    envelope.sender(),
                    attempt.recipient().address(),
                    List.of(),
                    Keywords.NONE);
            results.outcomes.put(id, outcome(email, attempt));
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "account", id, "step", "file");
            results.away.put(id, fault);
        } catch (RuntimeException mistake) {
            // One account's trouble is not its neighbours': they are answered, this one's sender tries again.
            Log.event(Event.DELIVERY_TRY_LATER, mistake, "account", id, "step", "mistake");
            results.outcomes.put(
                    id,
                    new DeliveryOutcome.TryLater(
                            new Fault.Unavailable("Delivery broke off", Map.of("account", id), mistake)));
        }
    }

    private DeliveryOutcome outcome(NewEmail email, Attempt attempt) {
        Account account = accounts.open(attempt.account());
        if (attempt.again() && account.knows(attempt.arrival())) {
            return new DeliveryOutcome.Kept(attempt.arrival());
        }
        return switch (account.add(attempt.arrival(), email)) {
            case Outcome.Kept(var kept, _) -> {
                usage.delivered(attempt.account(), email.content().length);
                yield new DeliveryOutcome.Kept(kept.id());
            }
            case Outcome.OverQuota _ -> new DeliveryOutcome.OverQuota();
            case Outcome.NoMailbox _ -> throw new IllegalStateException("an account without INBOX");
        };
    }

    /// Keeps the message in the queue for the accounts that could not be written, its bytes once for all of them.
    ///
    /// @return whether it took what it was asked to
    private boolean enqueue(Envelope envelope, Message message, List<Attempt> attempts, Results results) {
        List<Attempt> left =
                attempts.stream().filter(attempt -> results.away.containsKey(attempt.account())).toList();
        if (queue.isEmpty() || left.isEmpty()) return true;
        var items = new ArrayList<QueueItem>();
        for (Attempt attempt : left) {
            String address = attempt.recipient().address();
            items.add(new QueueItem(attempt.arrival(), attempt.account(), address, null));
        }
        Priority priority = priority(envelope, message);
        var queued = new QueuedMessage(
                QueueId.random(),
                priority,
                envelope.trace().at(),
                envelope.sender(),
                items,
                message.stored());
        try {
            queue.get().keep(queued, QUEUE_TIME);
            for (Attempt attempt : left) {
                results.outcomes.put(attempt.account(), new DeliveryOutcome.Queued(attempt.arrival()));
            }
            return true;
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "queue");
            var later = new DeliveryOutcome.TryLater(fault);
            for (Attempt attempt : left) results.outcomes.put(attempt.account(), later);
            return false;
        }
    }

    /// A message that nobody can look into now is taken for personal.
    private Priority priority(Envelope envelope, Message message) {
        Summary summary;
        try {
            summary = message.summary();
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "id", envelope.trace().id(), "step", "priority");
            return Priority.PERSONAL;
        }
        int recipients = envelope.recipients().size();
        Priority asked = Classifier.of(envelope.sender(), recipients, message.stored(), summary);
        return urgent.allow(asked, envelope.sender());
    }

    /// Remembers what was tried if somebody may not have the message, and forgets it when all have it.
    private void settle(Envelope envelope, Message message, List<Attempt> attempts, Results results) {
        boolean whole = attempts.stream().allMatch(attempt -> results.of(attempt.account()).accepted());
        for (Attempt attempt : attempts) {
            AccountId account = attempt.account();
            DeliveryOutcome outcome = results.of(account);
            if (whole) {
                if (attempt.again()) triedBefore.forget(envelope.sender(), account, message);
            } else if (outcome.accepted() || outcome instanceof DeliveryOutcome.TryLater) {
                triedBefore.remember(envelope.sender(), account, message, attempt.arrival());
            }
        }
    }

    private void tell(Envelope envelope, Message message, Attempt attempt, Results results) {
        DeliveryOutcome outcome = results.of(attempt.account());
        metrics.add(Metric.DELIVERY_RECIPIENTS, 1, outcome.label());
        Log.event(
                Event.DELIVERY_DONE,
                "id", envelope.trace().id(),
                "account", attempt.account(),
                "outcome", outcome.label(),
                "arrival", outcome.accepted() ? attempt.arrival() : "none",
                "bytes", message.stored().length);
    }
}
