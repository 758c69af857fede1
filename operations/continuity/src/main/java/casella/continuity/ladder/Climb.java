package casella.continuity.ladder;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One vault's way up, as it is kept over any end of a process.
///
/// ```text
/// vault nuovo pack rocksdb          its name, its kind, the vault in whose place it is to come
/// folder %2Fsrv%2Fnuovo             URL-encoded
/// added 2026-11-23T09:00:00Z luca
/// terms PT720H - 100                probation, soak of every stage (- for each its own), data a stage needs
/// burn-in passed
/// stage 10% soaking 2026-11-24T09:00:00Z no     stage, state, since when, whether gates were waived
/// why latency: 99 in 100 reads …    of a halt
/// evidence …                        see [Evidence]
/// ```
///
/// @param kind a technology: `files`, `pack`, `rocksdb`
/// @param folder where it keeps its files
/// @param replaces the vault in whose place it is to come
/// @param by who added it
/// @param probation how long it serves everybody before the old vault can be retired
/// @param soak how long each stage is watched; null for each stage's own time
/// @param least calls of a kind without which a stage is not judged
/// @param since when it came to be in this state
/// @param why it halted; empty where it did not
/// @param forced whether an operator had it go on without gates
public record Climb(
        String vault,
        String kind,
        String folder,
        String replaces,
        String by,
        Instant added,
        Duration probation,
        @Nullable Duration soak,
        long least,
        BurnIn burnIn,
        Stage stage,
        State state,
        Instant since,
        String why,
        boolean forced,
        List<Evidence> evidence) {
    /// What is known of its burn-in.
    public enum BurnIn {
        NONE,
        PASSED,
        FAILED,
        /// An operator went without.
        SKIPPED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How it stands on its stage.
    public enum State {
        /// Nothing goes on: it was just added, or taken back.
        RESTING,
        /// Mail is being brought over.
        MOVING,
        /// All is there, and it is watched.
        SOAKING,
        /// A gate failed, or could not be judged. It stays where it is until somebody says how to go on.
        HALTED,
        /// It stood on the last stage for its time. In probation until its time is over.
        PROVEN;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Lines of evidence that are kept; beyond it the oldest but the first go.
    static final int EVIDENCE_MAX = 2_000;

    public Climb {
        evidence = List.copyOf(evidence);
    }

    /// Returns the beginning of a way.
    public static Climb begin(
            String vault, String kind, String folder, String replaces, String by, Instant at,
                    Duration probation,
            @Nullable Duration soak, long least) {
        var climb = new Climb(vault, kind, folder, replaces, by, at, probation, soak, least, BurnIn.NONE,
                Stage.ADDED,
                State.RESTING, at, "", false, List.of());
        return climb.noting(new Evidence(at, by, Stage.ADDED, "added", "",
                Map.of("kind", kind, "replaces", replaces)));
    }

    /// Returns for how long its stage is watched.
    public Duration soaking() {
        return soak == null ? stage.soak() : soak;
    }

    Climb noting(Evidence one) {
        var all = new ArrayList<>(evidence);
        if (all.size() >= EVIDENCE_MAX) all.remove(1);
        all.add(one);
        return new Climb(vault, kind, folder, replaces, by, added, probation, soak, least, burnIn, stage,
                state, since, why,
                forced, all);
    }

    /// Returns it with its end: the vault is in the place of the other one for good.
    ///
    /// @param walked what the walk of all journals found
    public Climb retired(Instant now, String who, Map<String, String> walked) {
        return noting(new Evidence(now, who, stage, "retired", replaces + " was retired", walked));
    }

    Climb at(Stage to, State as, Instant now, String reason) {
        return new Climb(vault, kind, folder, replaces, by, added, probation, soak, least, burnIn, to, as,
                now, reason, forced,
                evidence);
    }

    Climb forced(boolean on) {
        return new Climb(vault, kind, folder, replaces, by, added, probation, soak, least, burnIn, stage,
                state, since, why, on,
                evidence);
    }

    Climb burnedIn(BurnIn how) {
        return new Climb(vault, kind, folder, replaces, by, added, probation, soak, least, how, stage,
                state, since, why, forced,
                evidence);
    }

    Climb termed(@Nullable Duration everySoak, long data) {
        return new Climb(vault, kind, folder, replaces, by, added, probation, everySoak, data, burnIn,
                stage, state, since, why,
                forced, evidence);
    }

    /// Returns it as lines.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("vault " + vault + " " + kind + " " + replaces);
        lines.add("folder " + URLEncoder.encode(folder, StandardCharsets.UTF_8));
        lines.add("added " + added + " " + by.replace(' ', '_'));
        lines.add("terms " + probation + " " + (soak == null ? "-" : soak) + " " + least);
        lines.add("burn-in " + burnIn.word());
        lines.add("stage " + stage.word() + " " + state.word() + " " + since + " " + (forced ? "yes" : "no"));
        lines.add("why " + why.replaceAll("[^\\x20-\\x7e]", "?"));
        for (Evidence one : evidence) lines.add("evidence " + one.line());
        return lines;
    }

    /// @throws IllegalArgumentException if the lines do not say a whole way
    public static Climb of(List<String> lines) {
        var words = new HashMap<String, String>();
        var evidence = new ArrayList<Evidence>();
        for (String line : lines) {
            int at = line.indexOf(' ');
            if (at < 0) throw new IllegalArgumentException("ladder: a line without a value");
            String rest = line.substring(at + 1);
            if (line.startsWith("evidence ")) evidence.add(Evidence.of(rest));
            else words.put(line.substring(0, at), rest);
        }
        try {
            String[] vault = split(words, "vault", 3);
            String[] added = split(words, "added", 2);
            String[] terms = split(words, "terms", 3);
            String[] stage = split(words, "stage", 4);
            return new Climb(
                    vault[0], vault[1],
                    URLDecoder.decode(split(words, "folder", 1)[0], StandardCharsets.UTF_8),
                    vault[2], added[1], Instant.parse(added[0]),
                    Duration.parse(terms[0]), terms[1].equals("-") ? null : Duration.parse(terms[1]),
                            Long.parseLong(terms[2]),
                    BurnIn.valueOf(split(words, "burn-in", 1)[0].toUpperCase(Locale.ROOT)),
                    Stage.of(stage[0]).orElseThrow(() -> new IllegalArgumentException("ladder: no stage")),
                    State.valueOf(stage[1].toUpperCase(Locale.ROOT)),
                    Instant.parse(stage[2]),
                    words.getOrDefault("why", ""),
                    stage[3].equals("yes"),
                    evidence);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("ladder: no time", e);
        }
    }

    private static String[] split(Map<String, String> words, String key, int count) {
        String[] parts = words.getOrDefault(key, "").split(" ");
        if (parts.length != count || parts[0].isEmpty()) throw new IllegalArgumentException("ladder: " + key);
        return parts;
    }
}
