package casella.store.deletion;

import casella.base.AccountId;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What became of the erasure of an account: each place that had something of it, and when that place
/// confirmed that it has nothing left. docs/formats/erasure.md.
///
/// @param reason `order`: somebody ordered it; `plan`: the plan's days after the account was wiped were over
/// @param places by name: when it confirmed; null while it has not
/// @param by of places that have something set aside of which nobody can say whose it is: when that goes
public record Certificate(
        AccountId account, Instant ordered, String reason, SortedMap<String, @Nullable Instant> places,
        SortedMap<String, Instant> by) {
    public Certificate {
        places = new TreeMap<>(places);
        by = new TreeMap<>(by);
    }

    /// Says whether every place has confirmed.
    public boolean complete() {
        return !places.containsValue(null);
    }

    /// Returns when the last place confirmed; null while one has not.
    public @Nullable Instant completed() {
        @Nullable Instant last = ordered;
        for (@Nullable Instant at : places.values()) {
            if (at == null) return null;
            if (last.isBefore(at)) last = at;
        }
        return last;
    }

    /// Returns the document: always the same bytes for the same facts, one line, no white space.
    public String json() {
        var out = new StringBuilder("{\"format\":1,\"account\":\"").append(account)
                .append("\",\"ordered\":\"").append(ordered);
        out.append("\",\"reason\":\"").append(reason).append("\",\"places\":[");
        String comma = "";
        for (Map.Entry<String, @Nullable Instant> place : places.entrySet()) {
            out.append(comma).append("{\"place\":\"").append(place.getKey()).append("\",\"confirmed\":");
            out.append(quoted(place.getValue()));
            @Nullable Instant until = by.get(place.getKey());
            if (until != null && place.getValue() == null) out.append(",\"by\":").append(quoted(until));
            out.append('}');
            comma = ",";
        }
        return out.append("],\"completed\":").append(quoted(completed())).append('}').toString();
    }

    private static String quoted(@Nullable Instant at) {
        return at == null ? "null" : '"' + at.toString() + '"';
    }
}
