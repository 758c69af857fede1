package casella.continuity.ladder;

import java.util.Locale;
import java.util.Optional;

/// What a new vault must hold to, to stay on a stage and to go on to the next.
///
/// @param errorShareMax failed calls of all
/// @param errorsFew failed calls that are borne whatever their share
/// @param timesMax how much slower than the old vault it may be, for 99 in 100 calls
/// @param floorMillis what is quick enough whatever the old vault does
/// @param dataMin calls of a kind without which nothing is said of it
public record Gates(double errorShareMax, long errorsFew, double timesMax, double floorMillis, long dataMin) {
    public static final Gates STANDARD = new Gates(0.001, 2, 3, 50, 100);

    /// Returns the same gates for another amount of data.
    public Gates withData(long least) {
        return new Gates(errorShareMax, errorsFew, timesMax, floorMillis, least);
    }

    /// Returns which gate fails now, as a sentence; empty when none does.
    public Optional<String> failed(Figures measured) {
        if (measured.wrong() > 0) {
            return Optional.of("verification: " + measured.wrong() + " of "
                    + (measured.right() + measured.wrong())
                    + " objects were not what was written, or were not there");
        }
        long calls = measured.writes() + measured.reads() + measured.failed();
        if (measured.failed() > errorsFew && measured.failed() > calls * errorShareMax) {
            return Optional.of("errors: " + measured.failed() + " of " + calls
                    + " calls failed; the last: " + measured.why());
        }
        return slow("writes", measured.writes(), measured.writesBeside(), measured.writeMillis(),
                measured.writeMillisBeside())
                .or(() -> slow("reads", measured.reads(), measured.readsBeside(), measured.readMillis(),
                        measured.readMillisBeside()));
    }

    private Optional<String> slow(String what, long calls, long beside, double millis, double millisBeside) {
        if (calls < dataMin || beside < dataMin) return Optional.empty();
        if (millis <= Math.max(floorMillis, timesMax * millisBeside)) return Optional.empty();
        return Optional.of(String.format(Locale.ROOT,
                "latency: 99 in 100 %s take up to %.1f ms, in the old vault %.1f ms",
                what, millis, millisBeside));
    }

    /// Returns what is missing to judge a stage by, as a sentence; empty when nothing is.
    public Optional<String> missing(Figures measured) {
        if (measured.writes() < dataMin) return Optional.of(tooFew(measured.writes(), "writes"));
        if (measured.reads() < dataMin) return Optional.of(tooFew(measured.reads(), "reads"));
        if (measured.writesBeside() < dataMin) return Optional.of(tooFew(measured.writesBeside(),
                "writes of the old vault"));
        if (measured.readsBeside() < dataMin) return Optional.of(tooFew(measured.readsBeside(),
                "reads of the old vault"));
        return Optional.empty();
    }

    private String tooFew(long have, String what) {
        return "missing data: " + have + " " + what + " were measured, " + dataMin
                + " are needed to say anything";
    }
}
