package casella.relay;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify.On;
import casella.queue.Outgoing;
import casella.queue.Patience;
import casella.queue.QueueRecord.Ending;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.RemoteQueue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Tells senders what became of their mail for elsewhere: once each, also when it is killed in between. RFC 3461 §5.
final class Telling {
    private static final int TELL_MAX = 200;

    private final RemoteQueue queue;
    private final Reports reports;
    private final String hostName;
    private final Clock clock;
    private final Metrics metrics;

    Telling(RemoteQueue queue, Reports reports, String hostName, Clock clock, Metrics metrics) {
        this.queue = queue;
        this.reports = reports;
        this.hostName = hostName;
        this.clock = clock;
        this.metrics = metrics;
    }

    /// RFC 3461 §5.2.2: who wants to hear of success hears that it left what can tell.
    void relayed(QueuedMessage message, List<Outgoing> taken, Map<RemoteItem, Fate> fates) {
        var told = new LinkedHashMap<Outgoing, Fate>();
        for (Outgoing one : taken) {
            Fate fate = fates.get(one.item());
            if (one.item().dsn().wants(On.SUCCESS) && fate != null) told.put(one, fate);
        }
        if (!told.isEmpty()) report(Report.Action.RELAYED, message, told);
    }

    /// Tells the sender, and then ends the waiting: what is killed in between is told under the same id again.
    void failed(QueuedMessage message, Map<Outgoing, Fate> refused) {
        failed(message, refused, Ending.FAILED);
    }

    private void failed(QueuedMessage message, Map<Outgoing, Fate> refused, Ending how) {
        var told = new LinkedHashMap<Outgoing, Fate>();
        refused.forEach((one, fate) -> {
            if (one.item().dsn().wants(On.FAILURE)) told.put(one, fate);
        });
        if (!told.isEmpty()) report(Report.Action.FAILED, message, told);
        List<Outgoing> ended = List.copyOf(refused.keySet());
        if (how == Ending.LOST) queue.lost(ended);
        else queue.end(ended, how);
        refused.forEach((one, fate) -> {
            metrics.add(Metric.RELAY_RECIPIENTS, 1, "failed");
            Log.event(
                    Event.RELAY_GIVEN_BACK,
                    "message", one.message(), "recipient", one.item().id(), "domain", one.item().domain(),
                    "status", fate.status(), "host", fate.host());
        });
    }

    private Optional<QueuedMessage> read(QueueGroup group) {
        try {
            return Optional.of(queue.message(group.all().getFirst()));
        } catch (Fault.Corrupt e) {
            return Optional.empty(); // its sender is told all the same: the index knows who that is
        }
    }

    /// What is known of a message without its bytes.
    private static QueuedMessage unreadable(QueueGroup group) {
        Outgoing one = group.all().getFirst();
        return new QueuedMessage(one.message(), one.priority(), one.received(), one.sender(), List.of(),
                group.items(),
                MailOptions.NONE, one.account(), new byte[0]);
    }

    /// @throws Fault if the report could not be kept
    private void report(Report.Action action, QueuedMessage message, Map<Outgoing, Fate> told) {
        if (message.sender().isEmpty()) return; // RFC 5321 §4.5.5: nothing is told of what tells
        ArrivalId id = id(action, told.keySet().iterator().next().item().id());
        var lines = new ArrayList<Report.Line>();
        told.forEach((one, fate) -> lines.add(new Report.Line(
                one.item().address(), one.item().dsn().original(), fate.status(), fate.reply(),
                        fate.host())));
        byte[] report = Report.write(
                hostName, action,
                new Report.About(message.sender(), message.options(), message.received(), message.content()), lines, id.toString(), clock.now(),
                message.received().plus(Patience.GIVE_UP));
        reports.bring(message.sender(), id, report);
        metrics.add(Metric.RELAY_REPORTS, 1, action.word());
    }

    /// The same for the same recipient and action, so that a report that is asked for again is brought once.
    private static ArrivalId id(Report.Action action, ArrivalId of) {
        return ArrivalId.derived(
                of.unixMillis(), Sha256.of((action.word() + " " + of).getBytes(StandardCharsets.US_ASCII)));
    }

    /// Tells senders of what is late, and gives back what was tried for as long as it is. RFC 5321 §4.5.4.1
    ///
    /// @param over says whether to stop before all is told
    void due(Instant now, BooleanSupplier over) {
        List<Outgoing> some = queue.toTell(now, TELL_MAX);
        while (!some.isEmpty()) {
            var left = new ArrayList<>(some);
            try {
                while (!left.isEmpty() && !over.getAsBoolean()) {
                    QueueGroup group = QueueGroup.first(left);
                    tell(group, now);
                    left.removeAll(group.all());
                }
            } finally {
                if (!left.isEmpty()) queue.restore(left);
            }
            some = over.getAsBoolean() || some.size() < TELL_MAX ? List.of() : queue.toTell(now, TELL_MAX);
        }
    }

    private void tell(QueueGroup group, Instant now) {
        Optional<QueuedMessage> read = read(group);
        QueuedMessage message = read.orElseGet(() -> unreadable(group));
        var over = new LinkedHashMap<Outgoing, Fate>();
        var late = new ArrayList<Outgoing>();
        for (Outgoing one : group.all()) {
            boolean end = !now.isBefore(one.received().plus(Patience.GIVE_UP));
            if (end && read.isEmpty()) over.put(one, new Fate.Refused("5.3.0",
                    "It cannot be read here any more", ""));
            else if (end) over.put(one, new Fate.Refused("4.4.7", "Tried for too long. " + one.why(), ""));
            else late.add(one);
        }
        if (!over.isEmpty()) failed(message, over, read.isPresent() ? Ending.FAILED : Ending.LOST);
        if (late.isEmpty()) return;
        var told = new LinkedHashMap<Outgoing, Fate>();
        for (Outgoing one : late) {
            String why = one.why().isEmpty() ? "Not tried yet" : one.why();
            if (one.item().dsn().wants(On.DELAY)) told.put(one, new Fate.Later("4.4.7", why, ""));
        }
        if (!told.isEmpty()) report(Report.Action.DELAYED, message, told);
        queue.told(late);
    }
}
