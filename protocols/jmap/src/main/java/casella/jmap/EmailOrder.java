package casella.jmap;

import casella.base.ArrivalId;
import casella.base.ThreadId;
import casella.message.Address;
import casella.message.BaseSubject;
import casella.message.Envelope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Sorts the results of `Email/query`. RFC 8621 §4.4.2.
///
/// A result keeps only its keys, in the order of the comparators; the rest of the email is let go.
final class EmailOrder {
    /// @param keys numbers and folded texts, one for each comparator
    record Result(ArrivalId id, ThreadId thread, List<Comparable<?>> keys) {}

    private static final List<QueryForm.Sort> USUAL = List.of(new QueryForm.Sort("receivedAt", false, null));

    private final List<QueryForm.Sort> sorts;

    /// @param sorts none: the newest first
    EmailOrder(List<QueryForm.Sort> sorts) {
        this.sorts = sorts.isEmpty() ? USUAL : sorts;
    }

    /// Says whether it is by receipt alone, which the store has an index for.
    boolean byReceipt() {
        return sorts.size() == 1 && sorts.getFirst().property().equals("receivedAt");
    }

    boolean ascending() {
        return sorts.getFirst().ascending();
    }

    boolean needsSummaries() {
        return sorts.stream().anyMatch(sort -> switch (sort.property()) {
            case "sentAt", "from", "to", "subject" -> true;
            default -> false;
        });
    }

    boolean needsThreads() {
        return sorts.stream().anyMatch(sort -> sort.property().contains("InThread"));
    }

    Result result(Candidate one) {
        var keys = new ArrayList<Comparable<?>>(sorts.size());
        for (QueryForm.Sort sort : sorts) keys.add(key(one, sort));
        return new Result(one.email.id(), one.email.thread(), keys);
    }

    private static Comparable<?> key(Candidate one, QueryForm.Sort sort) {
        String keyword = sort.keyword() == null ? "" : sort.keyword();
        return switch (sort.property()) {
            case "receivedAt" -> one.email.received().toEpochMilli();
            case "size" -> (long) one.email.size();
            case "sentAt" -> {
                var sent = one.summary().envelope().date();
                yield sent == null ? one.email.received().toEpochMilli() : sent.toEpochMilli();
            }
            case "from" -> person(one.summary().envelope(), true);
            case "to" -> person(one.summary().envelope(), false);
            case "subject" -> {
                String subject = one.summary().envelope().subject();
                yield EmailFilter.fold(BaseSubject.of(subject == null ? "" : subject).value());
            }
            case "hasKeyword" -> one.hasKeyword(keyword) ? 1L : 0L;
            case "allInThreadHaveKeyword" -> {
                int[] counts = one.threadWith(keyword);
                yield counts[0] == counts[1] ? 1L : 0L;
            }
            case "someInThreadHaveKeyword" -> one.threadWith(keyword)[0] > 0 ? 1L : 0L;
            default -> throw new IllegalStateException("a sort that was not refused: " + sort.property());
        };
    }

    /// The name of the first person, or the address where there is no name. RFC 8621 §4.4.2.
    private static String person(Envelope envelope, boolean from) {
        List<Address.Mailbox> all = Address.flat(from ? envelope.from() : envelope.to());
        if (all.isEmpty()) return "";
        String name = all.getFirst().name();
        return EmailFilter.fold(name == null || name.isBlank() ? all.getFirst().email() : name);
    }

    /// Orders results; equal ones the later arrival first, so that an order is the same each time.
    Comparator<Result> comparator() {
        return (a, b) -> {
            for (int i = 0; i < sorts.size(); i++) {
                int by = compare(a.keys().get(i), b.keys().get(i));
                if (by != 0) return sorts.get(i).ascending() ? by : -by;
            }
            return b.id().compareTo(a.id());
        };
    }

    private static int compare(Comparable<?> a, Comparable<?> b) {
        if (a instanceof Long x && b instanceof Long y) return Long.compare(x, y);
        if (a instanceof String x && b instanceof String y) return x.compareTo(y);
        throw new IllegalStateException("keys of two kinds under one comparator");
    }
}
