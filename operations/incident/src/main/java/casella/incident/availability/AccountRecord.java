package casella.incident.availability;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One account's record over a window: for each capability the times when it did not work, disjoint and in order.
///
/// @param window what it is about
/// @param byCapability an entry for each
/// @param byProtocol what held for whoever used one protocol: not part of the others, as another way in worked
public record AccountRecord(
        Span window, Map<Capability, List<Away>> byCapability, List<Interval.OfScope> byProtocol) {

    /// A time without a break in which a capability did not work.
    ///
    /// @param own whether the account's own calls were part of what was measured; if not, it is what held for all of a scope
    /// @param causes all of those in that time
    public record Away(Span span, boolean own, Set<Cause> causes) {
        public Away {
            causes = Collections.unmodifiableSet(EnumSet.copyOf(causes));
        }
    }

    /// @param own whether it was measured at the account itself
    private record Piece(Cause cause, Span span, boolean own) {}

    /// Computes the record: what holds for the scopes that `member` is in and what was measured at the account itself, together.
    /// Pure. Intervals may overlap, repeat, lie outside the window, and come in any order.
    public static AccountRecord of(
            Member member, List<Interval.OfScope> scopes, List<Interval> own, Span window) {
        var pieces = new ArrayList<Piece>();
        var byProtocol = new ArrayList<Interval.OfScope>();
        for (Interval.OfScope one : scopes) {
            Span span = one.interval().span().within(window);
            if (span.isEmpty()) continue;
            Cause cause = one.interval().cause();
            if (one.scope() instanceof Scope.OfProtocol) {
                byProtocol.add(new Interval.OfScope(one.scope(), new Interval(cause, span)));
            }
            if (one.scope().covers(member)) pieces.add(new Piece(cause, span, false));
        }
        for (Interval one : own) {
            Span span = one.span().within(window);
            if (!span.isEmpty()) pieces.add(new Piece(one.cause(), span, true));
        }
        pieces.sort(Comparator.comparingLong(piece -> piece.span().from()));
        var away = new EnumMap<Capability, List<Away>>(Capability.class);
        for (Capability capability : Capability.values()) away.put(capability, disjoint(pieces, capability));
        return new AccountRecord(window, Collections.unmodifiableMap(away), List.copyOf(byProtocol));
    }

    /// @param pieces in the order in which they begin
    private static List<Away> disjoint(List<Piece> pieces, Capability capability) {
        var out = new ArrayList<Away>();
        for (Piece piece : pieces) {
            if (!piece.cause().capabilities().contains(capability)) continue;
            Away last = out.isEmpty() ? null : out.getLast();
            if (last == null || piece.span().from() > last.span().until()) {
                out.add(new Away(piece.span(), piece.own(), Set.of(piece.cause())));
                continue;
            }
            Set<Cause> causes = EnumSet.copyOf(last.causes());
            causes.add(piece.cause());
            long until = Math.max(last.span().until(), piece.span().until());
            out.set(out.size() - 1,
                    new Away(new Span(last.span().from(), until), last.own() || piece.own(), causes));
        }
        return List.copyOf(out);
    }

    /// Returns when a capability did not work.
    public List<Away> away(Capability capability) {
        return byCapability.getOrDefault(capability, List.of());
    }

    /// Returns the capabilities that did not work and for which the account's own calls were part of what was measured.
    public Set<Capability> own() {
        Set<Capability> own = EnumSet.noneOf(Capability.class);
        byCapability.forEach((capability, away) -> {
            if (away.stream().anyMatch(Away::own)) own.add(capability);
        });
        return own;
    }

    /// Returns for how long a capability did not work.
    public long millis(Capability capability) {
        return millis(Set.of(capability));
    }

    /// Returns for how long at least one of them did not work.
    public long millis(Set<Capability> anyOf) {
        var spans = new ArrayList<Span>();
        for (Capability one : anyOf) away(one).forEach(part -> spans.add(part.span()));
        return Span.millis(Span.union(spans));
    }
}
