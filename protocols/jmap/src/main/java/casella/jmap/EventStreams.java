package casella.jmap;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Notices;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.DocumentKind;
import casella.store.View;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Push: tells open clients that something changed. RFC 8620 §7.3.
///
/// A stream is one virtual thread that sleeps until its account changes, or until a sign of life
/// is due. Changes that come while it writes are told together.
final class EventStreams {
    private static final List<String> TYPES = List.of("Mailbox", "Email", "Thread", "EmailSubmission");
    /// Of our own extension: told to those that name it, not under `*`. RFC 8620 §1.8.
    private static final String SERVICE = "Service";
    /// Likewise.
    private static final String NOTICE = "Notice";
    private static final int PING_SECONDS_MAX = 900;
    /// Without a ping of its own a stream still shows in this time that nobody listens any more.
    private static final int LIFE_SECONDS = 60;
    private static final int AFTER_FAULT_SECONDS = 5;
    /// After this a client has to come again and prove who it is.
    private static final Duration STREAM_TIME = Duration.ofHours(1);

    private final Accounts accounts;
    private final Notices notices;
    private final Clock clock;
    private final int streamsMax;
    private final Map<AccountId, Deque<Stream>> open = new HashMap<>();
    private volatile boolean closed;

    EventStreams(Accounts accounts, Notices notices, Clock clock, int streamsMax) {
        this.accounts = accounts;
        this.notices = notices;
        this.clock = clock;
        this.streamsMax = streamsMax;
        notices.onChange(this::wakeAll);
    }

    private void wakeAll() {
        synchronized (open) {
            open.values().forEach(streams -> streams.forEach(Stream::wake));
        }
    }

    /// One client that listens.
    private static final class Stream {
        /// Holds something when there is something to look at.
        final ArrayBlockingQueue<Boolean> news = new ArrayBlockingQueue<>(1);
        volatile boolean over;
        /// What served the account when its client was told last; empty if nobody knows what it was told. Its own
        /// thread's alone.
        String service = "";
        /// What its client was told of what the operators say. Likewise.
        String notice = "";

        void wake() {
            var _ = news.offer(true);
        }

        void end() {
            over = true;
            wake();
        }
    }

    /// `GET /jmap/eventsource?types=…&closeafter=…&ping=…`.
    void serve(Exchange exchange, Caller caller) {
        Set<String> types = types(exchange.query("types"));
        String closeAfter = exchange.query("closeafter");
        int ping = ping(exchange.query("ping"));
        if (types.isEmpty() || ping < 0 || (closeAfter != null && !closeAfter.matches("no|state"))) {
            exchange.problem(RequestError.plain(400, "types, closeafter or ping cannot be read"));
            return;
        }
        Account account = accounts.open(caller.account());
        var stream = new Stream();
        enter(caller.account(), stream);
        Account.Watch watch = account.watch(stream::wake);
        try {
            // After the watch began: what changes from here on wakes the stream.
            Modseq now = account.read(View::modseq);
            String last = exchange.header("Last-Event-ID");
            Modseq since = since(last, now);
            if (last == null) {
                stream.service = ServiceGet.state(account.service());
                stream.notice = NoticeGet.state(notices.of(caller.listener()));
            }
            if (last != null || !since.equals(now)) stream.wake();
            exchange.response().header(HeaderNames.CONTENT_TYPE, "text/event-stream");
            exchange.response().header(HeaderNames.CACHE_CONTROL, "no-store");
            exchange.response().status(Status.OK_200);
            OutputStream out = exchange.response().outputStream();
            write(out, ":\n\n");
            listen(account, caller, stream, out, types, "state".equals(closeAfter), ping, since);
            out.close();
        } catch (IOException | UncheckedIOException e) {
            stream.end(); // the client is gone: there is nobody to tell
        } finally {
            watch.close();
            leave(caller.account(), stream);
        }
    }

    private void listen(
            Account account,
            Caller caller,
            Stream stream,
            OutputStream out,
            Set<String> types,
            boolean closeAfterState,
            int ping,
            Modseq from)
            throws IOException {
        Modseq since = from;
        long until = clock.nanos() + STREAM_TIME.toNanos();
        int quiet = ping == 0 ? LIFE_SECONDS : ping;
        boolean missed = false;
        while (clock.nanos() < until) {
            boolean news;
            try {
                news = stream.news.poll(missed ? AFTER_FAULT_SECONDS : quiet, TimeUnit.SECONDS) != null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (stream.over || closed || !caller.grant().stands()) return;
            if (!news && !missed) {
                write(out, ping == 0 ? ":\n\n" : "event: ping\ndata: {\"interval\":" + ping + "}\n\n");
                continue;
            }
            Told told;
            try {
                told = told(account, since, types);
                missed = false;
            } catch (Fault e) {
                // The store cannot say now; the stream stays, and asks again.
                missed = true;
                told = new Told(since, List.of());
                write(out, ":\n\n");
            }
            since = told.until();
            // After the look, which may have had the account served by something else.
            String service = ServiceGet.state(account.service());
            boolean turned = types.contains(SERVICE) && !service.equals(stream.service);
            stream.service = service;
            String notice = NoticeGet.state(notices.of(caller.listener()));
            boolean said = types.contains(NOTICE) && !notice.equals(stream.notice);
            stream.notice = notice;
            if (told.types().isEmpty() && !turned && !said) continue;
            ObjectNode change = Json.object().put("@type", "StateChange");
            ObjectNode states = change.putObject("changed").putObject(account.id().toString());
            for (String type : told.types()) states.put(type, since.toString());
            if (turned) states.put(SERVICE, service);
            if (said) states.put(NOTICE, notice);
            write(out, "event: state\nid: " + since + "\ndata: " + change + "\n\n");
            if (closeAfterState) return;
        }
    }

    private record Told(Modseq until, List<String> types) {}

    /// Says which types changed after `since`; one hop.
    private static Told told(Account account, Modseq since, Set<String> types) {
        return account.read(view -> {
            var changed = new ArrayList<String>();
            // Another history than the one `since` is of, or one that does not go back to it.
            boolean other = since.after(view.modseq()) || view.floor().after(since);
            for (String type : TYPES) {
                if (!types.contains(type)) continue;
                if (other ? told(view, type) : changed(view, since, type)) changed.add(type);
            }
            return new Told(view.modseq(), changed);
        });
    }

    private static boolean told(View view, String type) {
        return !view.partial() || !type.equals("EmailSubmission");
    }

    private static boolean changed(View view, Modseq since, String type) {
        if (!told(view, type)) return false;
        var changes = switch (type) {
            case "Mailbox" -> view.mailboxChanges(since, 1);
            case "Email" -> view.emailChanges(since, 1);
            case "Thread" -> view.threadChanges(since, 1);
            default -> view.documentChanges(DocumentKind.SUBMISSION, since, 1);
        };
        return !changes.created().isEmpty() || !changes.updated().isEmpty() || !changes.ended().isEmpty();
    }

    private static Set<String> types(@Nullable String asked) {
        if (asked == null || asked.equals("*")) return Set.copyOf(TYPES);
        if (asked.isEmpty() || asked.length() > 1_000) return Set.of();
        return new HashSet<>(List.of(asked.split(",", -1)));
    }

    /// Returns the seconds between pings, 0 for none, -1 for what is no number. RFC 8620 §7.3 lets
    /// the server choose.
    private static int ping(@Nullable String asked) {
        if (asked == null || asked.isEmpty()) return 0;
        if (!asked.matches("[0-9]{1,9}")) return -1;
        return Math.min(Integer.parseInt(asked), PING_SECONDS_MAX);
    }

    /// Returns what the client was told last, `now` if it says nothing of it. That may be of another history,
    /// that of a continuation: then all is told. RFC 8620 §7.3.
    private static Modseq since(@Nullable String lastEvent, Modseq now) {
        if (lastEvent == null || !lastEvent.matches("[0-9]{1,18}")) return now;
        return new Modseq(Long.parseLong(lastEvent));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void enter(AccountId account, Stream stream) {
        synchronized (open) {
            Deque<Stream> all = open.computeIfAbsent(account, _ -> new ArrayDeque<>());
            all.add(stream);
            if (all.size() > streamsMax) all.removeFirst().end();
        }
    }

    private void leave(AccountId account, Stream stream) {
        synchronized (open) {
            Deque<Stream> all = open.get(account);
            if (all == null) return;
            all.remove(stream);
            if (all.isEmpty()) open.remove(account);
        }
    }

    /// Ends every stream.
    void close() {
        closed = true;
        synchronized (open) {
            open.values().forEach(all -> all.forEach(Stream::end));
        }
    }
}
