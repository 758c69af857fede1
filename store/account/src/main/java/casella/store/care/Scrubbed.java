package casella.store.care;

import casella.base.AccountId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How far a vault was read through, and so when each of its accounts was last proven whole.
///
/// Accounts are read in id order, so a few marks say it for all of them: everything up to a mark and after the one before
/// was read after the earlier mark's time. Accounts that were not whole are named. Two passes are kept, the one going on
/// and the one before. Safe from any thread.
///
/// ```text
/// pass 1795350000         begun, Unix seconds; the older pass first
/// mark 12ab… 1795350060   accounts up to this id were read by then
/// not 03ff…               not whole
/// end 1795360000          the whole vault was read
/// ```
final class Scrubbed {
    /// Named at most in one pass; beyond it the pass proves nothing.
    private static final int NOT_MAX = 10_000;

    private static final class Pass {
        final long begun;
        long ended;
        final NavigableMap<Long, Long> marks = new TreeMap<>(Long::compareUnsigned);
        final Set<Long> not = new TreeSet<>(Long::compareUnsigned);

        Pass(long begun) {
            this.begun = begun;
        }

        /// Returns when an account was read at the earliest, 0 if it was not, or was not whole.
        long proven(AccountId account) {
            long id = account.value();
            if (not.contains(id) || not.size() >= NOT_MAX) return 0;
            if (ended == 0 && marks.ceilingKey(id) == null) return 0;
            var before = marks.lowerEntry(id);
            return before == null ? begun : before.getValue();
        }
    }

    private @Nullable Pass before;
    private @Nullable Pass now;

    /// Returns when the account was last proven whole, null if never.
    synchronized @Nullable Instant proven(AccountId account) {
        long at = now == null ? 0 : now.proven(account);
        if (at == 0 && before != null) at = before.proven(account);
        return at == 0 ? null : Instant.ofEpochSecond(at);
    }

    /// Returns when the last whole pass was begun: what has not been written since was read after that. Null without one.
    synchronized @Nullable Instant wholeSince() {
        if (now != null && now.ended != 0) return Instant.ofEpochSecond(now.begun);
        return before == null || before.ended == 0 ? null : Instant.ofEpochSecond(before.begun);
    }

    /// Returns how many accounts were not whole in the last pass, or are not in this one.
    synchronized int notWhole() {
        if (now != null && !now.not.isEmpty()) return now.not.size();
        return before == null ? 0 : before.not.size();
    }

    /// Says whether a pass is going on.
    synchronized boolean going() {
        return now != null && now.ended == 0;
    }

    /// Returns when the pass that is over was begun, null when one is going on or none was.
    synchronized @Nullable Instant over() {
        return now == null || now.ended == 0 ? null : Instant.ofEpochSecond(now.begun);
    }

    synchronized void begin(Instant at) {
        if (now != null && now.ended != 0) before = now;
        now = new Pass(at.getEpochSecond());
    }

    /// Returns from where to go on, null from the first account.
    synchronized @Nullable AccountId position() {
        return now == null || now.marks.isEmpty() ? null : new AccountId(now.marks.lastKey());
    }

    synchronized void notWhole(AccountId account) {
        if (now != null && now.not.size() < NOT_MAX) now.not.add(account.value());
    }

    synchronized void mark(AccountId upTo, Instant at) {
        if (now != null) now.marks.put(upTo.value(), at.getEpochSecond());
    }

    synchronized void end(Instant at) {
        if (now != null) now.ended = at.getEpochSecond();
    }

    synchronized List<String> lines() {
        var lines = new ArrayList<String>();
        for (@Nullable Pass pass : new Pass[] {before, now}) {
            if (pass == null) continue;
            lines.add("pass " + pass.begun);
            pass.marks.forEach((id, at) -> lines.add("mark " + Long.toHexString(id) + " " + at));
            for (long id : pass.not) lines.add("not " + Long.toHexString(id));
            if (pass.ended != 0) lines.add("end " + pass.ended);
        }
        return lines;
    }

    /// Returns what `lines` say.
    ///
    /// @throws IllegalArgumentException if they are none of ours
    static Scrubbed of(List<String> lines) {
        var read = new Scrubbed();
        for (String line : lines) {
            String[] words = line.split(" ");
            @Nullable Pass pass = read.now;
            if (words[0].equals("pass")) {
                read.before = pass;
                read.now = new Pass(Long.parseLong(words[1]));
            } else if (pass == null) {
                throw new IllegalArgumentException("scrub: no pass yet");
            } else {
                switch (words[0]) {
                    case "mark" -> pass.marks.put(Long.parseUnsignedLong(words[1], 16), Long.parseLong(words[2]));
                    case "not" -> pass.not.add(Long.parseUnsignedLong(words[1], 16));
                    case "end" -> pass.ended = Long.parseLong(words[1]);
                    default -> throw new IllegalArgumentException("scrub: unknown word");
                }
            }
        }
        return read;
    }
}
