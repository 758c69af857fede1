package casella.dns;

import casella.base.Clock;
import casella.base.Deadline;
import casella.dns.AnswerCache.Question;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;

/// Asks servers that find out, and keeps what they say for as long as it holds. RFC 1034 has the name.
///
/// Of equal questions at the same time one is asked. A server that does not answer is asked last from then on.
public final class StubResolver implements Resolver {
    private static final int PORT = 53;
    /// Each server is asked this often, the second time with twice the patience.
    private static final int ROUNDS = 2;
    /// Questions under way, each with a socket; and the memory of answers.
    private static final int UNDER_WAY_MAX = 512;
    private static final long CACHE_BYTES_MAX = 32L << 20;

    /// @param trusted whether it is believed when it says that DNSSEC proved an answer: it must be validating, and on a way that
    ///     nobody else can write to, as the loopback is
    public record Server(InetSocketAddress address, boolean trusted) {
        /// Returns the server that `text` names: `192.0.2.53`, `2001:db8::53` or `192.0.2.53#5353`.
        public static Server of(String text, boolean trusted) {
            int sign = text.indexOf('#');
            String host = sign < 0 ? text : text.substring(0, sign);
            int port = sign < 0 ? PORT : Integer.parseInt(text.substring(sign + 1));
            return new Server(new InetSocketAddress(host, port), trusted);
        }
    }

    /// @param oneTry how long a server may take the first time
    /// @param total how long a question may take, whatever happens
    public record Patience(Duration oneTry, Duration total) {
        public static final Patience USUAL = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    private final List<Server> servers;
    private final Patience patience;
    private final AnswerCache cache;
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    private final ConcurrentHashMap<Question, CompletableFuture<Answer<Record>>> underWay =
            new ConcurrentHashMap<>();

    /// The one that answered last.
    private volatile int first;

    /// @param servers at least one
    public StubResolver(List<Server> servers, Patience patience, Clock clock) {
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.cache = new AnswerCache(clock, CACHE_BYTES_MAX);
        if (servers.isEmpty()) throw new IllegalArgumentException("servers: none");
    }

    /// Returns the servers this machine asks (`/etc/resolv.conf`); the one on the loopback where it names none.
    ///
    /// @param loopbackTrusted whether those on the loopback are believed about DNSSEC
    public static List<Server> ofTheSystem(boolean loopbackTrusted) {
        List<InetSocketAddress> named = ResolverConfig.getCurrentConfig().servers();
        if (named.isEmpty()) named = List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        return named.stream()
                .map(one -> new Server(one, loopbackTrusted && one.getAddress().isLoopbackAddress()))
                .toList();
    }

    @Override
    public <T> Answer<T> ask(String name, Kind<T> kind) {
        Optional<Name> asked = Names.of(name);
        if (asked.isEmpty()) return new Answer.NoSuchName<>(Duration.ZERO, false);
        return kind.of(answer(new Question(asked.get(), kind.type())));
    }

    private Answer<Record> answer(Question question) {
        Optional<Answer<Record>> known = cache.of(question);
        if (known.isPresent()) return known.get();
        var mine = new CompletableFuture<Answer<Record>>();
        CompletableFuture<Answer<Record>> other = underWay.putIfAbsent(question, mine);
        if (other != null) return await(other);
        Answer<Record> answer = new Answer.TryLater<>(Answer.Why.BUSY);
        try {
            answer = found(question);
            cache.keep(question, answer);
        } finally {
            underWay.remove(question);
            mine.complete(answer);
        }
        return answer;
    }

    private Answer<Record> await(CompletableFuture<Answer<Record>> other) {
        try {
            return other.get(patience.total().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        } catch (TimeoutException e) {
            return new Answer.TryLater<>(Answer.Why.TIME_OUT);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // it is completed with an answer alone
        }
    }

    private Answer<Record> found(Question question) {
        Deadline deadline = Deadline.in(patience.total());
        boolean entered = false;
        try {
            entered = room.tryAcquire(patience.oneTry().toMillis(), TimeUnit.MILLISECONDS);
            return entered ? followed(question, deadline) : new Answer.TryLater<>(Answer.Why.BUSY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.TryLater<>(Answer.Why.BUSY);
        } finally {
            if (entered) room.release();
        }
    }

    /// Asks for an alias' target as well where the server left that out.
    private Answer<Record> followed(Question question, Deadline deadline) {
        Name at = question.name();
        Duration ttl = Reply.TTL_MAX;
        boolean secure = true;
        for (int aliases = 0; aliases <= Reply.ALIASES_MAX; aliases++) {
            switch (asked(at, question.type(), deadline)) {
                case Reply.Answered(var answer) -> {
                    return bounded(answer, ttl, secure);
                }
                case Reply.Alias alias -> {
                    at = alias.target();
                    ttl = shorter(ttl, alias.ttl());
                    secure &= alias.secure();
                }
                case Reply.NoOptions _ -> {
                    return new Answer.TryLater<>(Answer.Why.REFUSED);
                }
            }
        }
        return new Answer.TryLater<>(Answer.Why.MALFORMED);
    }

    private static Answer<Record> bounded(Answer<Record> answer, Duration ttl, boolean way) {
        boolean secure = way && answer.secure();
        return switch (answer) {
            case Answer.Found<Record> some ->
                new Answer.Found<>(some.name(), some.records(), shorter(some.ttl(), ttl), secure);
            case Answer.NoData<Record> none ->
                new Answer.NoData<>(shorter(none.ttl(), ttl), secure);
            case Answer.NoSuchName<Record> none ->
                new Answer.NoSuchName<>(shorter(none.ttl(), ttl), secure);
            case Answer.TryLater<Record> later -> later;
        };
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Reply asked(Name name, int type, Deadline deadline) {
        Answer.Why why = Answer.Why.TIME_OUT;
        int start = first;
        for (int turn = 0; turn < ROUNDS * servers.size() && !deadline.over(); turn++) {
            int index = (start + turn) % servers.size();
            Duration wanted = patience.oneTry().multipliedBy(1 + turn / servers.size());
            Duration time = shorter(wanted, left(deadline));
            try {
                Reply reply = asked(servers.get(index), name, type, time);
                if (!(reply instanceof Reply.Answered(Answer.TryLater<Record>(var said)))) {
                    first = index;
                    return reply;
                }
                why = said;
                // Asking again does not mend what a domain signed wrongly.
                if (said == Answer.Why.BOGUS) break;
            } catch (SocketTimeoutException e) {
                why = Answer.Why.TIME_OUT;
            } catch (IOException e) {
                why = Answer.Why.REFUSED;
                if (Thread.currentThread().isInterrupted()) break;
            }
        }
        return new Reply.Answered(new Answer.TryLater<>(why));
    }

    private static Reply asked(Server server, Name name, int type, Duration time) throws IOException {
        Deadline deadline = Deadline.in(time);
        byte[] wire = new Exchange(server.address(), name, type, true).run(time);
        Reply reply = Reply.read(wire, name, type, server.trusted());
        if (!(reply instanceof Reply.NoOptions)) return reply;
        byte[] plain = new Exchange(server.address(), name, type, false).run(left(deadline));
        return Reply.read(plain, name, type, server.trusted());
    }

    /// Returns how many answers are kept.
    int kept() {
        return cache.size();
    }
}
