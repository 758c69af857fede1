package casella.server.incoming;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Recent;
import casella.dns.Answer;
import casella.dns.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lists of addresses in the DNS, of those whose mail nobody wants and of those whose mail is welcome. RFC 5782.
///
/// All are asked at once, for two seconds at most; what is not known by then is held against nobody. A list that lists 127.0.0.1, or
/// answers with what is no 127.0.0.0/8, is dead or does not answer us: it counts for nothing, and an operator hears of it.
final class NameLists {
    private static final Duration TIME = Duration.ofSeconds(2);
    /// In each list, of a list that is well in none. RFC 5782 "Test Entries".
    private static final String NEVER_LISTED = "1.0.0.127.";

    /// @param points that a hit counts; 0 for those who are welcome
    record NameList(String zone, int points) {
        /// Returns the list that `zone` or `zone=points` says.
        static NameList of(String text) {
            int equals = text.indexOf('=');
            return equals < 0 ? new NameList(text, 1)
                    : new NameList(text.substring(0, equals), Integer.parseInt(text.substring(equals + 1)));
        }

        NameList welcoming() {
            return new NameList(zone, 0);
        }
    }

    /// What the lists say of an address.
    ///
    /// @param welcome whether one says that its mail is wanted
    /// @param points of those that say the contrary
    /// @param zones these
    /// @param sure whether all who could have called it welcome have answered
    record Listed(boolean welcome, int points, List<String> zones, boolean sure) {}

    /// What one list says.
    private enum Word {
        HIT, MISS, LATE
    }

    private final List<NameList> lists;
    private final Resolver names;
    private final Clock clock;
    private final Metrics metrics;
    private final Recent<String> told;
    private final Duration time;

    /// @param welcoming lists of those whose mail is wanted
    NameLists(List<NameList> unwanted, List<NameList> welcoming, Resolver names, Clock clock,
            Metrics metrics) {
        this(unwanted, welcoming, names, clock, metrics, TIME);
    }

    NameLists(List<NameList> unwanted, List<NameList> welcoming, Resolver names, Clock clock, Metrics metrics,
            Duration time) {
        lists = new ArrayList<>(unwanted);
        for (NameList list : welcoming) lists.add(list.welcoming());
        this.names = names;
        this.clock = clock;
        this.metrics = metrics;
        this.told = new Recent<>(Duration.ofHours(1), 1_000, clock::nanos);
        this.time = time;
    }

    /// Begins to ask about `peer`, and does not wait.
    Asking ask(InetAddress peer) {
        return new Asking(peer);
    }

    /// Questions that are on their way.
    final class Asking {
        private final Map<NameList, Word> said = new ConcurrentHashMap<>();
        private final CountDownLatch open = new CountDownLatch(lists.size());
        private final long until = clock.nanos() + time.toNanos();

        private Asking(InetAddress peer) {
            String label = label(peer);
            for (NameList list : lists) {
                Thread.ofVirtual().start(() -> {
                    try {
                        said.put(list, word(list, label));
                    } finally {
                        open.countDown();
                    }
                });
            }
        }

        /// Returns what is known of the address. Waits until all have answered, or the time is over.
        Listed listed() {
            try {
                var _ = open.await(until - clock.nanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            int points = 0;
            boolean welcome = false;
            var zones = new ArrayList<String>();
            boolean sure = true;
            for (NameList list : lists) {
                Word word = said.getOrDefault(list, Word.LATE);
                sure &= list.points() > 0 || word != Word.LATE;
                if (word != Word.HIT) continue;
                welcome |= list.points() == 0;
                points += list.points();
                if (list.points() > 0) zones.add(list.zone());
            }
            return new Listed(welcome, points, List.copyOf(zones), sure);
        }
    }

    private Word word(NameList list, String label) {
        Answer<InetAddress> answer = names.a(label + list.zone());
        if (answer instanceof Answer.TryLater<InetAddress>) return Word.LATE;
        if (answer.none()) return Word.MISS;
        if (!answer.records().stream().allMatch(NameLists::says)) return dead(list);
        Answer<InetAddress> test = names.a(NEVER_LISTED + list.zone());
        if (test instanceof Answer.TryLater<InetAddress>) return Word.LATE;
        if (!test.none()) return dead(list);
        metrics.add(Metric.INCOMING_LISTED, 1, list.zone(), list.points() == 0 ? "welcome" : "unwanted");
        return Word.HIT;
    }

    private Word dead(NameList list) {
        metrics.add(Metric.INCOMING_LISTED, 1, list.zone(), "dead");
        if (told.add(list.zone(), 1) == 1) Log.event(Event.INCOMING_LIST_DEAD, "zone", list.zone());
        return Word.MISS;
    }

    /// Says whether that is an answer: 127.0.0.0/8, without the addresses by which lists say that they do not answer whoever asks.
    private static boolean says(InetAddress answer) {
        byte[] bytes = answer.getAddress();
        boolean refuses = bytes[1] == (byte) 255 && bytes[2] == (byte) 255;
        return bytes.length == 4 && bytes[0] == 127 && !refuses;
    }

    /// Returns what stands before a list's zone: the bytes, or the nibbles of an IPv6 address, from the last on. RFC 5782.
    private static String label(InetAddress peer) {
        byte[] bytes = peer.getAddress();
        var out = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int one = bytes[i] & 0xff;
            if (bytes.length == 4) out.append(one).append('.');
            else out.append(Character.forDigit(one & 15, 16)).append('.')
                    .append(Character.forDigit(one >> 4, 16)).append('.');
        }
        return out.toString();
    }
}
