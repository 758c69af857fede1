package casella.jmap;

import java.util.List;

/// Something a filter says of a record, which may not be known before more of the record is read.
interface Claim<T> {
    /// RFC 8620 §5.5 knows two; the third is ours, until a mail is opened.
    enum Truth {
        YES,
        NO,
        UNKNOWN;

        static Truth of(boolean holds) {
            return holds ? YES : NO;
        }
    }

    Truth about(T record);

    static <T> Claim<T> all(List<? extends Claim<T>> parts) {
        return record -> {
            Truth all = Truth.YES;
            // Every part is asked, whatever the others say: what it has to look up it looks up
            // while it can.
            for (Claim<T> part : parts) {
                Truth one = part.about(record);
                if (one == Truth.NO || all == Truth.NO) all = Truth.NO;
                else if (one == Truth.UNKNOWN) all = Truth.UNKNOWN;
            }
            return all;
        };
    }

    static <T> Claim<T> any(List<? extends Claim<T>> parts) {
        return not(all(parts.stream().map(Claim::not).toList()));
    }

    static <T> Claim<T> not(Claim<T> claim) {
        return record -> switch (claim.about(record)) {
            case YES -> Truth.NO;
            case NO -> Truth.YES;
            case UNKNOWN -> Truth.UNKNOWN;
        };
    }
}
