package casella.dns;

import casella.base.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// Answers for as long as their owners allow, those used last, within a bound. Safe from any thread; never waits for a server.
final class AnswerCache {
    record Question(Name name, int type) {}

    private record Kept(Answer<Record> answer, long until, long bytes) {}

    /// A failure is asked for again after this, not by everybody at once. RFC 2308 allows five minutes.
    private static final Duration FAILURE_TTL = Duration.ofSeconds(5);
    /// What an entry costs beside its records, and a record beside its bytes; roughly, in the heap.
    private static final int ENTRY_BYTES = 400;
    private static final int RECORD_BYTES = 200;

    private final Clock clock;
    private final long bytesMax;
    private final LinkedHashMap<Question, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    AnswerCache(Clock clock, long bytesMax) {
        this.clock = clock;
        this.bytesMax = bytesMax;
    }

    /// Returns what is still true, with the time that is left of it.
    synchronized Optional<Answer<Record>> of(Question question) {
        Kept found = kept.get(question);
        if (found == null) return Optional.empty();
        long left = found.until() - clock.nanos();
        if (left <= 0) {
            forget(question);
            return Optional.empty();
        }
        Duration ttl = Duration.ofSeconds(TimeUnit.NANOSECONDS.toSeconds(left));
        return Optional.of(switch (found.answer()) {
            case Answer.Found<Record> some ->
                new Answer.Found<>(some.name(), some.records(), ttl, some.secure());
            case Answer.NoData<Record> none -> new Answer.NoData<>(ttl, none.secure());
            case Answer.NoSuchName<Record> none -> new Answer.NoSuchName<>(ttl, none.secure());
            case Answer.TryLater<Record> later -> later;
        });
    }

    synchronized void keep(Question question, Answer<Record> answer) {
        Duration ttl = switch (answer) {
            case Answer.Found<Record> some -> some.ttl();
            case Answer.NoData<Record> none -> none.ttl();
            case Answer.NoSuchName<Record> none -> none.ttl();
            case Answer.TryLater<Record> later ->
                later.why() == Answer.Why.BUSY ? Duration.ZERO : FAILURE_TTL;
        };
        if (ttl.isZero()) return;
        long cost = (long) ENTRY_BYTES + question.name().length();
        for (Record record : answer.records()) cost += RECORD_BYTES + record.rdataToWireCanonical().length;
        forget(question);
        kept.put(question, new Kept(answer, clock.nanos() + ttl.toNanos(), cost));
        bytes += cost;
        while (bytes > bytesMax) forget(kept.keySet().iterator().next());
    }

    private void forget(Question question) {
        Kept gone = kept.remove(question);
        if (gone != null) bytes -= gone.bytes();
    }

    synchronized int size() {
        return kept.size();
    }
}
