package casella.server.drill;

import casella.server.control.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a drill found: every number is measured, and what was not is null.
///
/// @param drill its name
/// @param cohort whose calls suffered
/// @param by who asked for it
/// @param begun when
/// @param askedSeconds for how long the fault was asked for
/// @param faultFrom when the fault began, in milliseconds since the drill did
/// @param faultUntil when it ended
/// @param end when measuring ended
/// @param aborted why it was ended early; null if it was not
/// @param accounts whose reading was measured
/// @param samples all looks, in order
/// @param moments what happened when
/// @param checks what had to hold beside what owners see
/// @param accepted mails that were answered as kept
/// @param refused mails that were not
/// @param lost accepted mails that are not there; null if that could not be looked up
/// @param duplicated mails that are there more than once; null as `lost`
/// @param identifiersChanged UIDs that came to name another email, UIDVALIDITYs that changed
/// @param wrongBytesServed answers whose bytes were not those there were
/// @param notices milliseconds from the answer to a mail until an open client saw it, ascending
/// @param lies wrong answers that the lying vault gave
/// @param repaired copies made anew, or found to be right, since the drill began
/// @param returned whether everything was as before when measuring ended
record Findings(
        String drill,
        String cohort,
        boolean demo,
        String by,
        Instant begun,
        long askedSeconds,
        long faultFrom,
        long faultUntil,
        long end,
        @Nullable String aborted,
        int accounts,
        List<Sample> samples,
        List<Measured.Moment> moments,
        List<Measured.Check> checks,
        int accepted,
        int refused,
        @Nullable Integer lost,
        @Nullable Integer duplicated,
        int identifiersChanged,
        int wrongBytesServed,
        List<Long> notices,
        long lies,
        long repaired,
        boolean returned) {
    private static final int VERSION = 1;
    /// From the kill of a process until its owners are served again.
    private static final long START_MILLIS_MAX = 60_000;

    Findings {
        samples = List.copyOf(samples);
        moments = List.copyOf(moments);
        checks = List.copyOf(checks);
        notices = List.copyOf(notices);
    }

    private List<List<Sample>> reads() {
        var byAccount = new TreeMap<Integer, List<Sample>>();
        for (Sample sample : samples) {
            if (sample.kind() != Sample.Kind.READ) continue;
            byAccount.computeIfAbsent(sample.account(), _ -> new ArrayList<>()).add(sample);
        }
        return List.copyOf(byAccount.values());
    }

    List<Dark.Span> dark() {
        return reads().stream().flatMap(reads -> Dark.spans(reads, end).stream()).toList();
    }

    /// Returns the longest that anybody waited for an answer while the fault was on, from the first call that hung or failed;
    /// empty if somebody got none.
    OptionalLong dialTone() {
        long longest = -1;
        for (List<Sample> reads : reads()) {
            OptionalLong one = Dark.longestPause(reads, faultFrom, faultUntil);
            if (one.isEmpty()) return one;
            longest = Math.max(longest, one.getAsLong());
        }
        return longest < 0 ? OptionalLong.empty() : OptionalLong.of(longest);
    }

    /// Returns the time within which 99 of 100 mails were seen; null without mails.
    private @Nullable Long urgentNotice() {
        return notices.isEmpty() ? null : notices.get((int) Math.ceil(notices.size() * 0.99) - 1);
    }

    /// Says whether nobody lost, waited in the dark or was told anything wrong, and everything is as before.
    boolean passed() {
        return aborted == null && returned && refused == 0 && zero(lost) && zero(duplicated)
                && identifiersChanged == 0 && wrongBytesServed == 0 && Dark.millis(dark()) <= darkMillisMax()
                        && dialTone().isPresent() && checks.stream().allMatch(Measured.Check::held);
    }

    /// Where there is one process and it is killed, nobody is served until it is there again.
    private long darkMillisMax() {
        return drill.equals(Drill.NODE_KILLED.word()) ? START_MILLIS_MAX : 0;
    }

    private static boolean zero(@Nullable Integer count) {
        return count != null && count == 0;
    }

    ObjectNode json() {
        OptionalLong dialTone = dialTone();
        long failed = samples.stream().filter(s -> s.kind() == Sample.Kind.READ && !s.served()).count();
        long reads = samples.stream().filter(s -> s.kind() == Sample.Kind.READ).count();
        ObjectNode out = Json.object()
                .put("version", VERSION)
                .put("drill", drill)
                .put("cohort", cohort)
                .put("demo", demo)
                .put("by", by)
                .put("begun", begun.toString())
                .put("askedSeconds", askedSeconds)
                .put("faultMillis", faultUntil - faultFrom)
                .put("passed", passed())
                .put("aborted", aborted)
                .put("darkMinutes", Math.round(Dark.millis(dark()) / 60.0) / 1_000.0)
                .put("accepted", accepted)
                .put("refused", refused)
                .put("lost", lost)
                .put("duplicated", duplicated)
                .put("identifiersChanged", identifiersChanged)
                .put("wrongBytesServed", wrongBytesServed)
                .put("timeToDialToneMillis", dialTone.isPresent() ? (Long) dialTone.getAsLong() : null)
                .put("urgentNoticeMillis", urgentNotice())
                .put("urgentNoticeMillisMax", notices.isEmpty() ? null : notices.getLast())
                .put("accountsMeasured", accounts)
                .put("reads", reads)
                .put("readsFailed", failed)
                .put("lies", lies)
                .put("repaired", repaired)
                .put("returned", returned)
                .put("returnMillis", returned ? (Long) (end - faultUntil) : null);
        ArrayNode held = out.putArray("checks");
        for (Measured.Check check : checks) held.addObject().put("what", check.what()).put("held", check.held());
        ArrayNode timeline = out.putArray("timeline");
        for (Measured.Moment moment : moments) {
            timeline.addObject().put("atMillis", moment.at()).put("what", moment.what());
        }
        return out;
    }
}
