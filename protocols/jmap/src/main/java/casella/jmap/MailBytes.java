package casella.jmap;

import casella.base.Fault;
import casella.message.Range;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Stretches of one mail, read with as few calls as it takes: what lies close together comes at
/// once.
final class MailBytes {
    /// Between two stretches this much is read along rather than asked for again.
    private static final int GAP_MAX = 64 << 10;

    private record Piece(int from, byte[] bytes) {
        boolean holds(Range range) {
            return range.offset() >= from && range.end() <= from + bytes.length;
        }
    }

    private final List<Piece> pieces;

    private MailBytes(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /// A mail that is all here.
    static MailBytes of(byte[] mail) {
        return new MailBytes(List.of(new Piece(0, mail)));
    }

    /// Reads the stretches of a stored email.
    ///
    /// @throws Fault if they cannot be had now
    static MailBytes read(Account account, Email email, List<Range> ranges) {
        var sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(Range::offset));
        var pieces = new ArrayList<Piece>();
        int from = -1;
        int until = -1;
        for (Range range : sorted) {
            if (from >= 0 && range.offset() <= until + GAP_MAX) {
                until = Math.max(until, range.end());
                continue;
            }
            if (from >= 0) pieces.add(piece(account, email, from, until));
            from = range.offset();
            until = range.end();
        }
        if (from >= 0) pieces.add(piece(account, email, from, until));
        return new MailBytes(pieces);
    }

    /// Returns the whole of a stored email.
    static byte[] whole(Account account, Email email) {
        return present(account.body(email));
    }

    private static Piece piece(Account account, Email email, int from, int until) {
        return new Piece(from, from == until ? new byte[0] : present(account.body(email, from, until)));
    }

    private static byte[] present(Body body) {
        return switch (body) {
            case Body.Present(byte[] bytes) -> bytes;
            case Body.Unavailable(Fault why) -> throw why;
        };
    }

    /// Returns the bytes of a stretch that was read.
    byte[] get(Range range) {
        for (Piece piece : pieces) {
            if (piece.holds(range)) {
                return new Range(range.offset() - piece.from(), range.length()).in(piece.bytes());
            }
        }
        throw new Fault.Corrupt(
                "A summary points beyond its mail", Map.of("offset", range.offset(), "length", range.length()));
    }
}
