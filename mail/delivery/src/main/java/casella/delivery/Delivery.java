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
import casella.base.Sha256;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.queue.Classifier;
import casella.queue.ClassifierRules;
import casella.queue.LocalQueue;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.UrgentAllowance;
import casella.store.Accounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes complete messages to accounts.
///
/// Safe from any thread; callers are virtual threads and wait. One account gets one copy, however many of its addresses
/// are recipients. Several accounts are served side by side, at most [#SIDE_BY_SIDE] of one message at a time. Those that
/// cannot be written now get theirs through the local queue, under the arrival that was tried: whatever became of the
/// attempt, the message is there once.
public final class Delivery {
    static final int SIDE_BY_SIDE = 32;
    static final Duration QUEUE_TIME = Duration.ofSeconds(20);

    final Directory directory;
    final Accounts accounts;
    final Bulkhead cpu;
    final Metrics metrics;
    final Clock clock;
    final Optional<LocalQueue> queue;
    final UrgentAllowance urgent;
    final TriedBefore triedBefore;
    final Usage usage;
    volatile Predicate<AccountId> held = _ -> false;
    volatile Checking checking = Checking.NONE;
    volatile Scanning scanning = Scanning.NONE;
    volatile @Nullable Srs srs;
    volatile @Nullable Successes successes;
    volatile Signing signing = (_, _) -> new byte[0];
    volatile Listener listener = (_, _, _) -> {};
    volatile Classifier classifier = new Classifier(ClassifierRules.NONE);

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

    /// Has mail that others bring be looked at.
    public Delivery checks(Checking by) {
        checking = by;
        return this;
    }

    /// Has mail be looked into for what is junk or does harm.
    public Delivery scans(Scanning by) {
        scanning = by;
        return this;
    }

    /// Has mail that goes on to other servers be sent in our name, so that it keeps to the sender's SPF.
    public Delivery forwards(Srs as) {
        srs = as;
        return this;
    }

    /// Has senders be told of what was delivered, where they asked for it.
    public Delivery tellsOfSuccess(Successes by) {
        successes = by;
        return this;
    }

    /// Has mail of our own users be signed before it goes to other servers.
    public Delivery signs(Signing by) {
        signing = by;
        return this;
    }

    /// Has `rules` say what is urgent, beside what is known.
    public Delivery classifies(ClassifierRules rules) {
        classifier = new Classifier(rules);
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
        return admit(address, bytes, null);
    }

    /// As above, asked for one of ours, whose mail goes on to other servers.
    ///
    /// @param from who submits it; null for nobody of ours
    public Admission admit(String address, long bytes, @Nullable AccountId from) {
        try {
            Resolution resolved = Forwarding.back(address, directory, srs).orElseGet(() ->
                    directory.resolve(address));
            return switch (resolved) {
                case Resolution.Local local -> room(Forwarding.local(local, address), bytes);
                case Resolution.Forwarded forward -> forwarded(forward, address, bytes);
                case Resolution.Unknown _ -> new DeliveryOutcome.NoSuchRecipient();
                case Resolution.Disabled _ -> new DeliveryOutcome.Disabled();
                case Resolution.NotOurs _ -> from == null || queue.isEmpty() || address.endsWith("@")
                        ? new Admission.NotOurs()
                        : new Admission.Admitted(new Recipient.Remote(address, Notify.UNSAID));
            };
        } catch (Fault fault) {
            Log.event(Event.DELIVERY_TRY_LATER, fault, "recipient", new Redacted(address), "step", "admit");
            return new DeliveryOutcome.TryLater(fault);
        }
    }

    /// Says whether an address is one that we wrote into mail which went on: what is told of that mail comes back to it, and nothing
    /// else has a reason to.
    public boolean isWayBack(String address) {
        int at = address.lastIndexOf('@');
        return srs != null && at > 0 && Srs.is(address.substring(0, at))
                && directory.serves(address.substring(at + 1));
    }

    /// Somebody here whose mailbox is full keeps mail from going on too: its sender tries again, and all get it.
    private Admission forwarded(Resolution.Forwarded forward, String address, long bytes) {
        List<Recipient> to = Forwarding.of(forward, address, directory, srs);
        if (to.isEmpty()) return new DeliveryOutcome.NoSuchRecipient();
        for (Recipient one : to) {
            if (one instanceof Recipient.Local local && room(local,
                    bytes) instanceof DeliveryOutcome.OverQuota full) {
                return full;
            }
            if (one instanceof Recipient.Remote && queue.isEmpty()) return new Admission.NotOurs();
        }
        String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return new Admission.Admitted(new Recipient.Forwarded(address, domain, to, Notify.UNSAID));
    }

    /// An account that cannot be asked for its room is admitted: whether it takes the message is seen when it is whole.
    private Admission room(Recipient.Local recipient, long bytes) {
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
        var transaction = Transaction.checked(this, envelope, content);
        List<DeliveryOutcome> outcomes = transaction.deliver();
        metrics.time(Metric.DELIVERY_SECONDS, Duration.ofNanos(clock.nanos() - start));
        listener.delivered(envelope, outcomes, transaction::messageId);
        return outcomes;
    }

    /// Delivers a message of our own to one account, past its quota, under an arrival that the caller knows again: the account has it
    /// once, however often it is asked for, also after a kill and when the owner deleted it (I4).
    ///
    /// Never throws a [Fault]: it is the outcome `TryLater`.
    public DeliveryOutcome once(Recipient.Local recipient, Trace trace, Content content, ArrivalId arrival) {
        return Transaction.ours(this, new Envelope("", List.of(recipient), trace), content).once(arrival);
    }

    /// Brings a report on a message to whoever sent it: past a quota, once under its id, however often it is asked for.
    /// Nobody is told where nobody is.
    ///
    /// @param to the sender's address
    /// @throws Fault if it could not be kept
    public void report(String to, ArrivalId id, Trace trace, byte[] report) {
        Resolution resolved = Forwarding.back(to, directory, srs).orElseGet(() -> directory.resolve(to));
        switch (resolved) {
            case Resolution.Forwarded forward -> {
                // Whose own mailbox it is reads it there; a report that goes on is mail like any other.
                var recipients = Forwarding.of(forward, to, directory, srs);
                for (int i = 0; i < recipients.size(); i++) reported(recipients.get(i), id, i, trace, report);
            }
            case Resolution.Local local -> reported(Forwarding.local(local, to), id, 0, trace, report);
            case Resolution.NotOurs _ -> reported(new Recipient.Remote(to, Notify.UNSAID), id, 0, trace,
                    report);
            case Resolution.Unknown _, Resolution.Disabled _ -> {}
        }
    }

    /// @param place among the recipients of the report: each has an id of its own
    private void reported(Recipient to, ArrivalId id, int place, Trace trace, byte[] report) {
        ArrivalId own = place == 0 ? id
                : ArrivalId.derived(id.unixMillis(), Sha256.of((id + " " + place)
                        .getBytes(StandardCharsets.US_ASCII)));
        switch (to) {
            case Recipient.Local local -> {
                var owner = new Recipient.Local(local.address(), local.account(), local.detail(),
                        Long.MAX_VALUE);
                DeliveryOutcome outcome = once(owner, trace, Content.of(report), own);
                if (outcome instanceof DeliveryOutcome.TryLater(var fault)) throw fault;
            }
            case Recipient.Remote(String address, _) -> {
                if (queue.isEmpty() || address.lastIndexOf('@') < 1 || address.endsWith("@")) return;
                var item = new RemoteItem(own, address, new Notify(Set.of(), true, ""));
                queue.get().keep(
                        new QueuedMessage(
                                QueueId.random(), Priority.PERSONAL, trace.at(), "", List.of(), List.of(item),
                                MailOptions.NONE, null, report),
                        QUEUE_TIME);
            }
            case Recipient.Forwarded _ -> throw new IllegalArgumentException("one that goes on");
        }
    }
}
