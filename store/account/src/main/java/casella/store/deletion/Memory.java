package casella.store.deletion;

import casella.base.AccountId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the collector knows over a restart. As lines of a file of [casella.store.care.CareFile], `collect`:
///
/// ```text
/// time 1795334351489                     newest time it saw, Unix milliseconds
/// believed 1795334351489                 since when somebody says that the time is right: no days are counted from before
/// run 1795330000000                      when the last run ended
/// volume pack 120 0 95                   objects removed by the last runs, at most 14, the newest last
/// erased 20779 3 25                      accounts erased by the plan on that day (since 1970), and allowed by somebody
/// aside 0123456789ABC                    an account it leaves alone: something of it was live that should not be
/// brake volume - a run would remove …    it stands and asks: reason, account if it is about one, sentence
/// ```
///
/// Page: docs/formats/collect.md. For one thread.
final class Memory {
    private static final int RUNS_MAX = 14;

    private @Nullable Instant time;
    private @Nullable Instant run;
    private @Nullable Instant believed;
    private @Nullable Brake brake;
    private long day;
    private long erased;
    private long allowed;
    private final Map<String, List<Long>> volumes = new LinkedHashMap<>();
    private final Set<AccountId> aside = new TreeSet<>();

    /// @throws IllegalArgumentException if the lines say something else
    static Memory of(List<String> lines) {
        var memory = new Memory();
        for (String line : lines) {
            int space = line.indexOf(' ');
            if (space < 0) throw new IllegalArgumentException("collect: no line like it");
            String rest = line.substring(space + 1);
            switch (line.substring(0, space)) {
                case "time" -> memory.time = Instant.ofEpochMilli(Long.parseLong(rest));
                case "believed" -> memory.believed = Instant.ofEpochMilli(Long.parseLong(rest));
                case "run" -> memory.run = Instant.ofEpochMilli(Long.parseLong(rest));
                case "volume" -> {
                    Iterator<String> words = List.of(rest.split(" ")).iterator();
                    List<Long> counts = memory.volumes.computeIfAbsent(words.next(), _ -> new ArrayList<>());
                    words.forEachRemaining(word -> counts.add(Long.parseLong(word)));
                }
                case "erased" -> {
                    String[] words = rest.split(" ");
                    memory.day = Long.parseLong(words[0]);
                    memory.erased = Long.parseLong(words[1]);
                    memory.allowed = Long.parseLong(words[2]);
                }
                case "aside" -> memory.aside.add(AccountId.parse(rest));
                case "brake" -> {
                    String[] words = rest.split(" ", 3);
                    var reason = Brake.Reason.valueOf(words[0].toUpperCase(java.util.Locale.ROOT));
                    AccountId account = words[1].equals("-") ? null : AccountId.parse(words[1]);
                    memory.brake = new Brake(reason, account, words[2]);
                }
                default -> throw new IllegalArgumentException("collect: no line like it");
            }
        }
        return memory;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        if (time != null) lines.add("time " + time.toEpochMilli());
        if (believed != null) lines.add("believed " + believed.toEpochMilli());
        if (run != null) lines.add("run " + run.toEpochMilli());
        volumes.forEach((vault, counts) -> {
            var line = new StringBuilder("volume " + vault);
            for (long count : counts) line.append(' ').append(count);
            lines.add(line.toString());
        });
        if (erased + allowed > 0) lines.add("erased " + day + " " + erased + " " + allowed);
        for (AccountId account : aside) lines.add("aside " + account);
        if (brake != null) {
            String account = brake.account() == null ? "-" : brake.account().toString();
            lines.add("brake " + brake.reason().word() + " " + account + " " + brake.what());
        }
        return lines;
    }

    @Nullable Instant time() {
        return time;
    }

    void seen(Instant now) {
        if (time == null || now.isAfter(time)) time = now;
    }

    /// Somebody says that the time is right now, though it may be before one that was seen.
    void believe(Instant now) {
        time = now;
        believed = now;
    }

    @Nullable Instant believed() {
        return believed;
    }

    @Nullable Instant lastRun() {
        return run;
    }

    void ran(Instant now, Map<String, Long> removed) {
        run = now;
        removed.forEach((vault, count) -> {
            List<Long> counts = volumes.computeIfAbsent(vault, _ -> new ArrayList<>());
            counts.add(count);
            if (counts.size() > RUNS_MAX) counts.removeFirst();
        });
    }

    /// Returns how many objects a run removes from a vault as a rule; -1 before there were `runs` of them.
    double usual(String vault, int runs) {
        List<Long> counts = volumes.getOrDefault(vault, List.of());
        if (counts.size() < runs) return -1;
        return counts.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    @Nullable Brake brake() {
        return brake;
    }

    void brake(@Nullable Brake now) {
        brake = now;
    }

    /// Returns how many accounts the plan erased on this day.
    long erased(Instant now) {
        return day == now.getEpochSecond() / 86_400 ? erased : 0;
    }

    /// Returns how many somebody allowed to be erased that are not erased yet.
    long allowed() {
        return allowed;
    }

    void allow(long more) {
        allowed = more;
    }

    void erasedOne(Instant now) {
        erased = erased(now) + 1;
        day = now.getEpochSecond() / 86_400;
        if (allowed > 0) allowed--;
    }

    Set<AccountId> aside() {
        return aside;
    }
}
