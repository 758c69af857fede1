package casella.message.envelope;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a sender wants to be told of one recipient. RFC 3461 §4.1, §4.2.
///
/// @param on when; empty where nothing was said, which is failure, and delay as the server thinks fit
/// @param never whether he said that he wants nothing; `on` is empty then
/// @param original ORCPT as it was sent (`rfc822;` and an address in xtext); empty where it was not, at most 500 characters
public record Notify(Set<On> on, boolean never, String original) {
    public static final int ORIGINAL_CHARS_MAX = 500;

    /// Nothing was said.
    public static final Notify UNSAID = new Notify(Set.of(), false, "");

    /// The events there are. The bits are in the queue's files and never change.
    public enum On {
        SUCCESS(1),
        FAILURE(2),
        DELAY(4);

        private final int bit;

        On(int bit) {
            this.bit = bit;
        }
    }

    private static final int NEVER_BIT = 8;

    public Notify {
        on = Set.copyOf(on);
        if (never && !on.isEmpty()) throw new IllegalArgumentException("on: NEVER stands alone");
        if (original.length() > ORIGINAL_CHARS_MAX || !Xtext.is(original)) {
            throw new IllegalArgumentException("original: no xtext");
        }
    }

    /// Returns what a `NOTIFY=` says; empty for what says nothing. RFC 3461 §4.1
    public static Optional<Notify> parse(String value) {
        if (value.equalsIgnoreCase("NEVER")) return Optional.of(new Notify(Set.of(), true, ""));
        var on = EnumSet.noneOf(On.class);
        for (String word : value.split(",", -1)) {
            Optional<On> one = on(word);
            if (one.isEmpty() || !on.add(one.get())) return Optional.empty();
        }
        return Optional.of(new Notify(on, false, ""));
    }

    private static Optional<On> on(String word) {
        for (On on : On.values()) if (on.name().equals(word.toUpperCase(Locale.ROOT))) return Optional.of(on);
        return Optional.empty();
    }

    /// Returns the value of `NOTIFY=`; empty where nothing was said.
    public String word() {
        if (never) return "NEVER";
        return String.join(",", on.stream().sorted().map(On::name).toList());
    }

    /// Returns the same with an ORCPT.
    public Notify of(String orcpt) {
        return new Notify(on, never, orcpt);
    }

    /// Returns the same but for success. RFC 3461 §5.2.7.3 (c)
    public Notify withoutSuccess() {
        if (!on.contains(On.SUCCESS)) return this;
        Set<On> left = on.stream().filter(one -> one != On.SUCCESS).collect(Collectors.toSet());
        return new Notify(left, left.isEmpty(), original);
    }

    /// Says whether the sender is to be told of `what`. What was not said is failure, and delay (RFC 3461 §4.1).
    public boolean wants(On what) {
        if (never) return false;
        return on.isEmpty() ? what != On.SUCCESS : on.contains(what);
    }

    /// Returns all but the ORCPT as bits.
    public int bits() {
        int bits = never ? NEVER_BIT : 0;
        for (On one : on) bits |= one.bit;
        return bits;
    }

    /// Returns what [#bits] said; empty for bits that say nothing.
    public static Optional<Notify> of(int bits, String original) {
        boolean never = (bits & NEVER_BIT) != 0;
        if (bits < 0 || bits > NEVER_BIT || original.length() > ORIGINAL_CHARS_MAX || !Xtext.is(original)) {
            return Optional.empty();
        }
        var on = EnumSet.noneOf(On.class);
        for (On one : On.values()) if ((bits & one.bit) != 0) on.add(one);
        return Optional.of(new Notify(on, never, original));
    }
}
