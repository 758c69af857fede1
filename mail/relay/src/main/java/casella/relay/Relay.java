package casella.relay;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.dns.Resolver;
import casella.queue.LocalQueue;
import casella.queue.Outgoing;
import casella.queue.Priority;
import casella.queue.QueueRecord.Ending;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.RemoteQueue;
import casella.queue.Turns;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Brings what waits for other servers there. One thread chooses, in the order of [Turns]; each connection is a virtual
/// thread of its own.
///
/// A domain whose servers do not answer is left alone for a while that grows ([BackOff]), whatever waits for it; a
/// recipient that is answered "later" is put off alone. Domains that are not known to work may hold half of the connections
/// together, so that those that hang slow none of the others.
public final class Relay implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration TROUBLE_PAUSE = Duration.ofSeconds(2);
    /// Messages that are being sent, in all.
    private static final int MEMORY_KIB = 256 << 10;
    private static final int DESTINATIONS_MAX = 20_000;
    /// Messages over one connection before another domain that waits may have its place.
    private static final int MESSAGES_MAX = 500;

    private final RemoteQueue queue;
    private final Routes routes;
    private final RelayConfig config;
    private final SmtpClient.Times times;
    private final Telling telling;
    private final Clock clock;
    private final Metrics metrics;
    private final BackOff backOff;
    private final Turns turns = new Turns();
    private final Semaphore wake = new Semaphore(0);
    /// Messages are in memory while they are sent: so many connections with large ones would not fit.
    private final Semaphore memory = new Semaphore(MEMORY_KIB, true);
    private final Set<SmtpClient> open = ConcurrentHashMap.newKeySet();
    /// Guarded by this: destinations, slots.
    private final Map<String, Destination> destinations = new HashMap<>();
    /// Domains that are not known to work, and wait for a connection of theirs.
    private final ArrayDeque<Destination> waiting = new ArrayDeque<>();
    private final Pace pace;
    private final AtomicBoolean tellingNow = new AtomicBoolean();
    private int connections;
    private int unproven;
    private volatile boolean closed;
    private @Nullable Thread chooser;

    /// @param reports brings what senders are told
    public Relay(
            LocalQueue local, Resolver resolver, RelayConfig config, Reports reports, Clock clock,
                    Metrics metrics) {
        this(local, resolver, config, SmtpClient.Times.USUAL, reports, clock, metrics,
                RandomGenerator.getDefault());
    }

    Relay(
            LocalQueue local, Resolver resolver, RelayConfig config, SmtpClient.Times times, Reports reports,
                    Clock clock,
            Metrics metrics, RandomGenerator random) {
        this.queue = local.remote();
        this.routes = new Routes(resolver, config, random);
        this.config = config;
        this.times = times;
        this.telling = new Telling(queue, reports, config.hostName(), clock, metrics);
        this.clock = clock;
        this.metrics = metrics;
        this.backOff = new BackOff(random);
        this.pace = new Pace(config, clock);
        metrics.gauge(Metric.RELAY_CONNECTIONS, this::connections);
        local.onRemoteNews(this::wake);
    }

    private synchronized int connections() {
        return connections;
    }

    /// Has domains say by MTA-STS how their mail is brought; closes what knows it with this. RFC 8461 "SMTP MTA Strict Transport
    /// Security (MTA-STS)".
    public Relay policies(MtaSts known) {
        routes.policies(known);
        return this;
    }

    /// Begins to send, on virtual threads of its own.
    public Relay start() {
        chooser = Thread.ofVirtual().name("relay").start(this::run);
        return this;
    }

    private void wake() {
        if (wake.availablePermits() == 0) wake.release();
    }

    private void run() {
        long watched = System.nanoTime();
        while (!closed) {
            Duration until;
            try {
                until = round();
            } catch (RuntimeException e) {
                if (closed) return;
                Log.event(Event.RELAY_FAILED, e, "why", String.valueOf(e.getMessage()));
                until = TROUBLE_PAUSE;
            }
            if (System.nanoTime() - watched > WATCH_EVERY.toNanos()) {
                watch();
                watched = System.nanoTime();
            }
            rest(until);
        }
    }

    private void rest(Duration until) {
        try {
            Duration most = until.compareTo(WATCH_EVERY) < 0 ? until : WATCH_EVERY;
            var _ = wake.tryAcquire(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS);
            wake.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /// Ends conversations that take too long, and those that nobody needs.
    private void watch() {
        for (SmtpClient client : open) if (client.overdue()) client.abort();
        for (SmtpClient client : tooOld()) {
            Thread.ofVirtual().start(() -> end(client));
        }
    }

    private synchronized List<SmtpClient> tooOld() {
        long before = System.nanoTime() - config.idle().toNanos();
        var old = new ArrayList<SmtpClient>();
        for (Destination one : destinations.values()) {
            for (SmtpClient client; (client = one.takeOlder(before)) != null; ) old.add(client);
        }
        if (destinations.size() > DESTINATIONS_MAX) destinations.values().removeIf(Destination::idle);
        return old;
    }

    private void end(SmtpClient client) {
        open.remove(client);
        client.close();
    }

    /// Tells who is to be told, and begins to send what is ready; returns how long to wait before the next round. [#start]
    /// does this again and again.
    ///
    /// @throws Fault if the queue does not answer
    Duration round() {
        Instant now = clock.now();
        Optional<Instant> next = queue.wake(now);
        tell();
        while (!closed && room()) {
            List<Outgoing> batch = choose();
            if (batch.isEmpty()) break;
            begin(batch);
        }
        Duration until = next.map(due -> Duration.between(now, due)).orElse(LOOK_EVERY);
        if (until.compareTo(LOOK_EVERY) > 0) return LOOK_EVERY;
        return until.isNegative() ? Duration.ofMillis(100) : until;
    }

    /// On a thread of its own, one at a time: a report waits for an account, and sending must not wait for reports.
    private void tell() {
        if (!tellingNow.compareAndSet(false, true)) return;
        Thread.ofVirtual().name("relay-tells").start(() -> {
            try {
                telling.due(clock.now(), () -> closed);
            } catch (RuntimeException e) {
                if (!closed) Log.event(Event.RELAY_FAILED, e, "why", String.valueOf(e.getMessage()));
            } finally {
                tellingNow.set(false);
            }
        });
    }

    private synchronized boolean room() {
        return connections < config.connectionsMax();
    }

    private List<Outgoing> choose() {
        for (int i = 0; i < 2 * Priority.values().length; i++) {
            Turns.Turn turn = turns.next();
            List<Outgoing> some = queue.next(turn.priority(), turn.newest(), config.batch());
            if (!some.isEmpty()) return some;
        }
        for (Priority priority : Priority.values()) {
            List<Outgoing> some = queue.next(priority, false, config.batch());
            if (!some.isEmpty()) return some;
        }
        return List.of();
    }

    private void begin(List<Outgoing> batch) {
        String domain = batch.getFirst().item().domain();
        Slot slot = admitted(domain);
        if (slot == null) {
            queue.back(batch);
            return;
        }
        Thread.ofVirtual().name("relay-" + domain).start(() -> serve(slot, batch));
    }

    /// A connection's place.
    ///
    /// @param proven whether the domain was known to work when it was given
    private record Slot(Destination to, boolean proven) {}

    /// Takes a connection's place for a domain; null if there is none, and the queue passes the domain over until there is.
    private @Nullable Slot admitted(String domain) {
        boolean full;
        Slot slot = null;
        Destination to;
        synchronized (this) {
            to = destinations.computeIfAbsent(domain, name -> new Destination(name, config.perDestination()));
            boolean crowded = !to.proven() && unproven >= Math.max(1, config.connectionsMax() / 2);
            if (to.full() || crowded) {
                if (crowded && !to.full() && !waiting.contains(to)) waiting.add(to);
            } else {
                connections++;
                if (!to.proven()) unproven++;
                to.begins();
                slot = new Slot(to, to.proven());
            }
            full = to.full() || slot == null;
            if (full) to.passOver(true);
        }
        if (full) passOver(to);
        return slot;
    }

    /// Has the queue pass a domain over, or not, as it stands. Whoever changes that says it, and looks again afterwards: of two who
    /// say it at once the one who comes last must not leave what the other has changed.
    private void passOver(Destination to) {
        boolean said;
        do {
            said = passedOver(to);
            queue.busy(to.domain, said);
        } while (said != passedOver(to));
    }

    private synchronized boolean passedOver(Destination to) {
        return to.passedOver();
    }

    private void release(Slot slot) {
        Destination to = slot.to();
        Destination next = null;
        boolean open;
        synchronized (this) {
            connections--;
            to.ends();
            if (!slot.proven()) {
                unproven--;
                next = waiting.poll();
            }
            open = to.passedOver() && !to.full() && !waiting.contains(to);
            if (open) to.passOver(false);
            if (next != null) next.passOver(false);
        }
        try {
            if (open) passOver(to);
            if (next != null) passOver(next);
        } catch (Fault e) {
            // The domain is found again when the index is: nothing is passed over then.
            if (!closed) Log.event(Event.RELAY_FAILED, e, "why", String.valueOf(e.getMessage()));
        }
        wake();
    }

    // One connection.

    private void serve(Slot slot, List<Outgoing> batch) {
        Destination to = slot.to();
        var left = new ArrayList<>(batch);
        try {
            send(to, left);
        } catch (RuntimeException | Error e) {
            // The index or a file does not answer, or a mistake of ours: what was not settled is tried again.
            if (!closed) Log.event(Event.RELAY_FAILED, e, "domain", to.domain, "why",
                    String.valueOf(e.getMessage()));
            later(left);
        } finally {
            release(slot);
        }
    }

    /// What could not be settled here is not tried again at once.
    private void later(List<Outgoing> left) {
        try {
            for (Outgoing one : left) defer(one, new Fate.Later("4.3.0", "Trouble here", ""));
        } catch (Fault e) {
            if (!closed) Log.event(Event.RELAY_FAILED, e, "why", String.valueOf(e.getMessage()));
        }
    }

    private void giveBack(List<Outgoing> left) {
        try {
            if (!left.isEmpty()) queue.back(left);
        } catch (Fault e) {
            if (closed) return;
            Log.event(Event.RELAY_FAILED, e, "why", String.valueOf(e.getMessage()));
        }
    }

    /// Sends what is in `left` and more of the same domain; what is settled is taken out of it.
    private void send(Destination to, List<Outgoing> left) {
        if (tooFast(to, left)) return;
        SmtpClient client = kept(to);
        boolean fresh = client == null;
        if (client == null) {
            switch (connect(to.domain)) {
                case Connected.To(var connected) -> client = connected;
                case Connected.Nowhere(var status, var why) -> {
                    refuse(left, new Fate.Refused(status, why, ""));
                    return;
                }
                case Connected.Away(var status, var why) -> {
                    putOff(to, left, status, why);
                    return;
                }
            }
        }
        int messages = 0;
        while (!left.isEmpty() && client.usable() && !tooFast(to, left)) {
            QueueGroup group = QueueGroup.first(left);
            Map<RemoteItem, Fate> fates;
            int taken = room(group);
            memory.acquireUninterruptibly(taken);
            try {
                Optional<QueuedMessage> message = message(group, left);
                if (message.isEmpty()) continue;
                pace.sends(to.domain);
                fates = client.send(message.get(), group.items());
                boolean sent = fresh || messages > 0 || client.usable();
                if (sent) settle(message.get(), group, fates, client.reports());
            } finally {
                memory.release(taken);
            }
            boolean stale = !fresh && messages == 0 && !client.usable();
            if (stale) {
                // It was kept, and closed meanwhile: nothing was sent over it.
                end(client);
                queue.back(left);
                left.clear();
                return;
            }
            left.removeAll(group.all());
            messages++;
            boolean answered = client.usable() || fates.values().stream().anyMatch(fate ->
                    !(fate instanceof Fate.Later));
            if (answered) worked(to);
            else if (messages == 1) failed(to, left, fates);
            if (left.isEmpty() && client.usable() && messages < MESSAGES_MAX) {
                left.addAll(queue.more(to.domain, config.batch()));
            }
        }
        giveBack(left);
        left.clear();
        keep(to, client);
    }

    /// Has the queue wait where a domain had as many messages in a minute as may go there.
    private boolean tooFast(Destination to, List<Outgoing> left) {
        if (!pace.full(to.domain)) return false;
        queue.putOff(to.domain, queue.attempts(to.domain), clock.now().plus(Pace.REST),
                "As many messages went there in a minute as may");
        giveBack(left);
        left.clear();
        return true;
    }

    /// KiB of memory for a message.
    private static int room(QueueGroup group) {
        return Math.clamp((group.all().getFirst().size() >> 10) + 1, 1, MEMORY_KIB);
    }

    private void worked(Destination to) {
        boolean hadFailed;
        boolean open;
        synchronized (this) {
            hadFailed = to.hasFailed() || !to.proven();
            to.worked();
            open = to.passedOver() && !to.full() && !waiting.contains(to);
            if (open) to.passOver(false);
        }
        if (hadFailed) queue.served(to.domain);
        if (!open) return;
        passOver(to);
        wake();
    }

    private void failed(Destination to, List<Outgoing> left, Map<RemoteItem, Fate> fates) {
        Fate fate = fates.values().iterator().next();
        putOff(to, left, fate.status(), fate.reply());
    }

    private void putOff(Destination to, List<Outgoing> left, String status, String why) {
        synchronized (this) {
            to.failed();
        }
        int attempts = queue.attempts(to.domain) + 1;
        Priority priority = left.isEmpty() ? Priority.PERSONAL : left.getFirst().priority();
        Duration alone = backOff.after(attempts, priority);
        queue.putOff(to.domain, attempts, clock.now().plus(alone), status + " " + why);
        queue.back(left);
        left.clear();
        metrics.add(Metric.RELAY_RECIPIENTS, 1, "put-off");
        Log.event(Event.RELAY_WAITS, "domain", to.domain, "attempts", attempts, "seconds", alone.toSeconds(),
                "why", why);
    }

    private @Nullable SmtpClient kept(Destination to) {
        while (true) {
            SmtpClient client;
            synchronized (this) {
                client = to.take();
            }
            if (client == null || client.usable()) return client;
            end(client);
        }
    }

    private void keep(Destination to, SmtpClient client) {
        if (!client.usable() || closed) {
            end(client);
            return;
        }
        synchronized (this) {
            to.keep(client, System.nanoTime());
        }
    }

    /// What came of an attempt to reach a domain.
    private sealed interface Connected {
        record To(SmtpClient client) implements Connected {}

        record Nowhere(String status, String why) implements Connected {}

        record Away(String status, String why) implements Connected {}
    }

    private Connected connect(String domain) {
        if (config.through().isPresent()) return connect(config.through().get());
        return switch (routes.find(domain)) {
            case Routes.Route.Nowhere(var status, var why) -> new Connected.Nowhere(status, why);
            case Routes.Route.Unknown(var status, var why) -> new Connected.Away(status, why);
            case Routes.Route.To(var hosts) -> {
                Broken last = null;
                for (Routes.Host host : hosts) {
                    try {
                        var address = new InetSocketAddress(host.address(), config.port());
                        yield opened(SmtpClient.open(address, host.name(), config.hostName(), host.policy(),
                                null, times));
                    } catch (Broken e) {
                        last = e; // the next one may answer. RFC 5321 §5.1
                    }
                    if (closed) break;
                }
                yield last == null ? new Connected.Away("4.3.2", "Stopping") : away(last);
            }
        };
    }

    private Connected connect(RelayConfig.Through through) {
        var address = new InetSocketAddress(through.host(), through.port());
        var logIn = through.user().isEmpty() ? null : new SmtpClient.LogIn(through.user(),
                through.password());
        try {
            if (address.isUnresolved()) return new Connected.Away("4.4.3", "There is no server "
                    + through.host());
            return opened(
                    SmtpClient.open(address, through.host(), config.hostName(), through.tls(), logIn, times));
        } catch (Broken e) {
            return away(e);
        }
    }

    private Connected opened(SmtpClient client) {
        open.add(client);
        if (closed) client.abort();
        return new Connected.To(client);
    }

    private static Connected away(Broken e) {
        return new Connected.Away(e.status(), String.valueOf(e.getMessage()));
    }

    // What became of it.

    /// Returns the message of a group; empty if it cannot be read, and the group is out of `left`.
    private Optional<QueuedMessage> message(QueueGroup group, List<Outgoing> left) {
        try {
            return Optional.of(queue.message(group.all().getFirst()));
        } catch (Fault.Corrupt e) {
            // Whether it is lost is not decided here: it waits, ever longer, and its sender is told at the end.
            for (Outgoing one : group.all()) defer(one, new Fate.Later("4.3.0", "The message cannot be read",
                    ""));
            left.removeAll(group.all());
            return Optional.empty();
        }
    }

    private void settle(QueuedMessage message, QueueGroup group, Map<RemoteItem, Fate> fates,
            boolean reported) {
        var taken = new ArrayList<Outgoing>();
        var refused = new LinkedHashMap<Outgoing, Fate>();
        for (Outgoing one : group.all()) {
            switch (fates.getOrDefault(one.item(), new Fate.Later("4.3.0", "Not tried", ""))) {
                case Fate.Taken _ -> taken.add(one);
                case Fate.Refused fate -> refused.put(one, fate);
                case Fate.Later fate -> defer(one, fate);
            }
        }
        if (!taken.isEmpty()) {
            if (!reported) telling.relayed(message, taken, fates);
            queue.end(taken, Ending.RELAYED);
            for (Outgoing one : taken) sent(one, fates);
        }
        if (!refused.isEmpty()) telling.failed(message, refused);
    }

    private void sent(Outgoing one, Map<RemoteItem, Fate> fates) {
        metrics.add(Metric.RELAY_RECIPIENTS, 1, "relayed");
        Fate fate = fates.get(one.item());
        Log.event(
                Event.RELAY_SENT,
                "message", one.message(), "recipient", one.item().id(), "domain", one.item().domain(),
                "host", fate == null ? "" : fate.host(),
                "seconds", Duration.between(one.received(), clock.now()).toSeconds());
    }

    private void defer(Outgoing one, Fate fate) {
        int attempts = one.attempts() + 1;
        Instant due = clock.now().plus(backOff.after(attempts, one.priority()));
        queue.defer(one, attempts, due, fate.status() + " " + fate.reply());
        metrics.add(Metric.RELAY_RECIPIENTS, 1, "deferred");
    }

    private void refuse(List<Outgoing> left, Fate fate) {
        while (!left.isEmpty()) {
            QueueGroup group = QueueGroup.first(left);
            Optional<QueuedMessage> message = message(group, left);
            if (message.isEmpty()) continue;
            var refused = new LinkedHashMap<Outgoing, Fate>();
            for (Outgoing one : group.all()) refused.put(one, fate);
            telling.failed(message.get(), refused);
            left.removeAll(group.all());
        }
    }

    /// Ends conversations where they stand, and waits for nothing: what was not answered is sent again after the next
    /// start.
    @Override
    public void close() {
        closed = true;
        wake();
        routes.close();
        for (SmtpClient client : open) client.abort();
        Thread running = chooser;
        if (running == null) return;
        try {
            running.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
