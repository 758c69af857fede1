package casella.server.drill.january;

import casella.server.control.Json;
import casella.server.drill.Dark;
import casella.server.drill.Measured;
import casella.server.drill.Report;
import casella.server.drill.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a re-enactment found: every number is measured.
///
/// @param casella what the owners of Casella saw, from before the first act to the end
/// @param only what the owners of the system with one storage saw
/// @param blocked when the storage that Casella's engine lies on answered nobody
/// @param onlyBlocked when the one storage did
/// @param counted what was there in the end
public record Reenacted(
        Setting setting,
        Instant begun,
        Measured casella,
        Measured only,
        January.Blocked blocked,
        January.Blocked onlyBlocked,
        List<Act> acts,
        Counted counted) {
    private static final int VERSION = 1;

    /// What was there in the end.
    ///
    /// @param kept mails that were answered as kept
    /// @param emails that every vault was found to have
    /// @param lost of the kept ones, in the inboxes that were read
    /// @param duplicated there more than once, in these
    /// @param wrong accounts in which something was wrong
    public record Counted(long kept, long emails, long lost, long duplicated, long wrong) {
        /// Returns how many are missing, in the inboxes that were read and in those that were counted.
        public long missing() {
            return Math.max(lost, Math.max(0, kept - emails));
        }
    }

    public Reenacted {
        acts = List.copyOf(acts);
    }

    /// Returns the reads of each owner, in order.
    static Map<Integer, List<Sample>> reads(Measured measured) {
        var byOwner = new TreeMap<Integer, List<Sample>>();
        for (Sample sample : measured.samples()) {
            if (sample.kind() != Sample.Kind.READ) continue;
            byOwner.computeIfAbsent(sample.account(), _ -> new ArrayList<>()).add(sample);
        }
        return byOwner;
    }

    private static List<Dark.Span> dark(Measured measured) {
        long end = measured.now();
        return reads(measured).values().stream().flatMap(reads -> Dark.spans(reads, end).stream()).toList();
    }

    private OptionalLong dialTone() {
        long longest = -1;
        for (List<Sample> reads : reads(casella).values()) {
            OptionalLong pause = Dark.longestPause(reads, blocked.from(), blocked.until());
            if (pause.isEmpty()) return pause;
            longest = Math.max(longest, pause.getAsLong());
        }
        return longest < 0 ? OptionalLong.empty() : OptionalLong.of(longest);
    }

    /// Returns the time within which 99 of 100 mails were seen by an owner who looks as often as the setting says.
    private @Nullable Long notice() {
        List<Long> notices = casella.noticed.entrySet().stream()
                .filter(seen -> casella.accepted.containsKey(seen.getKey()))
                .map(seen -> Math.max(0, seen.getValue() - casella.accepted.getOrDefault(seen.getKey(), 0L)))
                .sorted()
                .toList();
        return notices.isEmpty() ? null : notices.get((int) Math.ceil(notices.size() * 0.99) - 1);
    }

    /// Says whether each way went as it must, nobody of Casella's owners saw anything of it, and those of the one storage did.
    public boolean passed() {
        return acts.size() == 3 && acts.stream().allMatch(Act::held) && Dark.millis(dark(casella)) == 0
                && counted.missing() == 0 && counted.duplicated() == 0 && counted.wrong() == 0
                && casella.identifiersChanged.get() == 0 && casella.wrongBytes.get() == 0
                && casella.refused.get() == 0 && dialTone().isPresent() && Dark.millis(dark(only)) > 0;
    }

    private static double minutes(Measured measured) {
        return Math.round(Dark.millis(dark(measured)) / 60.0) / 1_000.0;
    }

    /// Returns the numbers, with the keys of every drill.
    public ObjectNode json() {
        OptionalLong dialTone = dialTone();
        List<Sample> reads = reads(casella).values().stream().flatMap(List::stream).toList();
        ObjectNode out = Json.object()
                .put("version", VERSION)
                .put("drill", January.WORD)
                .put("cohort", "all")
                .put("scale", setting.scale().word())
                .put("begun", begun.toString())
                .put("faultMillis", blocked.until() - blocked.from())
                .put("passed", passed())
                .put("darkMinutes", minutes(casella))
                .put("accepted", counted.kept())
                .put("refused", casella.refused.get())
                .put("lost", counted.missing())
                .put("duplicated", counted.duplicated())
                .put("identifiersChanged", casella.identifiersChanged.get())
                .put("wrongBytesServed", casella.wrongBytes.get())
                .put("timeToDialToneMillis", dialTone.isPresent() ? (Long) dialTone.getAsLong() : null)
                .put("urgentNoticeMillis", notice())
                .put("accounts", setting.accounts())
                .put("accountsMeasured", setting.watched())
                .put("reads", reads.size())
                .put("readsFailed", reads.stream().filter(read -> !read.served()).count())
                .put("emails", counted.emails())
                .put("accountsWrong", counted.wrong())
                .put("returned", counted.wrong() == 0);
        out.putObject("oneStorage")
                .put("darkMinutes", minutes(only))
                .put("ownersDark", dark(only).stream().count())
                .put("refused", only.refused.get());
        ArrayNode checks = out.putArray("checks");
        for (Act act : acts) checks.addObject().put("what", act.title() + ": " + act.said()).put("held", act.held());
        ArrayNode timeline = out.putArray("timeline");
        for (Measured.Moment moment : casella.moments()) {
            timeline.addObject().put("atMillis", moment.at()).put("what", moment.what());
        }
        return out;
    }

    /// Returns the report for people.
    public String markdown() {
        ObjectNode facts = json();
        var out = new StringBuilder("# January 2023, again\n\n**").append(Report.verdict(facts)).append("**\n\n");
        out.append("""
                The mailboxes of %,d owners are moved to a new storage that blocks all access past a number of objects which
                nobody knows of. %,d of them read all the time, %d mails came in a second.

                ![Above a system with one storage, below Casella](plot.svg)

                """.formatted(setting.accounts(), setting.watched(), setting.perSecond()));
        for (Act act : acts) {
            out.append("- ").append(act.held() ? "" : "**NOT SO** ").append("**").append(act.title()).append(".** ")
                    .append(act.said()).append('\n');
        }
        out.append("\n| | one storage | Casella |\n| --- | --- | --- |\n");
        out.append(String.format(Locale.ROOT, "| minutes in which somebody was in the dark | %.3f | %.3f |%n", minutes(only),
                minutes(casella)));
        out.append("| mails that were not taken | %d | %d |\n".formatted(only.refused.get(), casella.refused.get()));
        out.append("| accepted mails lost | | %d |\n| there twice | | %d |\n".formatted(counted.missing(), counted.duplicated()));
        out.append("| UIDs or UIDVALIDITYs that changed | | %d |\n".formatted(casella.identifiersChanged.get()));
        out.append("| longest wait for an answer while it was blocked | | %s |\n".formatted(
                dialTone().isPresent() ? Report.seconds(dialTone().getAsLong()) : "no answer"));
        out.append("\n## Time line\n\n");
        for (Measured.Moment moment : casella.moments()) {
            out.append("- ").append(Report.seconds(moment.at())).append(": ").append(moment.what()).append('\n');
        }
        return out.toString();
    }

    /// Returns every look at Casella as CSV.
    public String samples() {
        return Report.samples(casella.samples());
    }

    /// Returns the picture: above the system with one storage, below Casella.
    public String svg() {
        return JanuaryPlot.svg(this);
    }

    long darkMillis(Measured measured) {
        return Dark.millis(dark(measured));
    }
}
