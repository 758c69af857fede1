package casella.delivery;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Sha256;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers under which arrivals a message was tried whose sender was told to try again.
///
/// SMTP has one reply for all recipients: if one of several failed, the sender sends the same bytes to all of them.
/// And a recipient that failed may have the message nevertheless, if the outcome was unknown. Under the arrival of the
/// first time, each gets it once. The memory is of this process: after a restart in between, a second copy is possible
/// and a lost one is not (docs/decisions/0026, 0069).
final class TriedBefore {
    private static final int ENTRIES_MAX = 10_000;
    /// Senders try for at least 4 to 5 days. RFC 5321 §4.5.4.1
    private static final Duration AGE_MAX = Duration.ofDays(5);

    private record Mark(String sender, AccountId account, int size) {}

    private record Memory(Sha256 hash, ArrivalId arrival, long atNanos) {}

    private final Clock clock;
    private final Map<Mark, Memory> memories = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Mark, Memory> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    TriedBefore(Clock clock) {
        this.clock = clock;
    }

    synchronized void remember(String sender, AccountId account, Message message, ArrivalId arrival) {
        memories.put(
                new Mark(sender, account, message.sentBytes()),
                new Memory(message.sentHash(), arrival, clock.nanos()));
    }

    /// Returns the arrival under which exactly this message was tried for `account` before. The hash is only computed
    /// when sender and size already fit, so it costs nothing where nothing failed.
    synchronized Optional<ArrivalId> find(String sender, AccountId account, Message message) {
        if (memories.isEmpty()) return Optional.empty();
        var mark = new Mark(sender, account, message.sentBytes());
        Memory memory = memories.get(mark);
        if (memory == null) return Optional.empty();
        if (clock.nanos() - memory.atNanos() > AGE_MAX.toNanos()) {
            memories.remove(mark);
            return Optional.empty();
        }
        return memory.hash().equals(message.sentHash()) ? Optional.of(memory.arrival()) : Optional.empty();
    }

    synchronized void forget(String sender, AccountId account, Message message) {
        memories.remove(new Mark(sender, account, message.sentBytes()));
    }
}
