package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.vault.ObjectName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stays of the segments of an account that were collected: where each ended, and the hash of its last change.
/// The first segment that is left goes on from the last of them, so the chain is unbroken.
///
/// ```text
/// offset size
///      0    1  format, now 1
///      1    8  account
///      9    …  each: first mod-sequence:u64, last:u64, hash of the last change:32, its time:u64 (Unix milliseconds)
/// ```
///
/// All integers big-endian. Page: docs/formats/heads.md.
///
/// @param heads oldest first; at least one
public record Heads(AccountId account, List<Head> heads) {
    static final byte FORMAT = 1;
    private static final int FIXED = 9;
    private static final int EACH = 56;

    /// @param at when its last change was made
    public record Head(Modseq first, Modseq last, Sha256 hash, Instant at) {}

    public Heads {
        heads = List.copyOf(heads);
    }

    /// Returns where the journal goes on that is left.
    Position end() {
        return new Position(heads.getLast().last(), heads.getLast().hash());
    }

    /// Returns these and more.
    Heads with(List<Head> more) {
        var all = new ArrayList<>(heads);
        all.addAll(more);
        return new Heads(account, all);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(FIXED + EACH * heads.size()).put(FORMAT).putLong(account.value());
        for (Head head : heads) {
            out.putLong(head.first().value()).putLong(head.last().value()).put(head.hash().bytes());
            out.putLong(head.at().toEpochMilli());
        }
        return out.array();
    }

    ObjectName name(byte[] encoded) {
        return new ObjectName(account, ObjectName.Kind.HEADS, heads.getFirst().first().value(),
                end().upTo().value(), Sha256.of(encoded));
    }

    /// @throws Fault.Corrupt if `content` is none, or not the one `name` says
    static Heads decode(ObjectName name, byte[] content) {
        try {
            ByteBuffer in = ByteBuffer.wrap(content);
            if (in.get() != FORMAT) throw new Fault.Corrupt("Heads of an unknown format", Map.of("object", name));
            var account = new AccountId(in.getLong());
            var heads = new ArrayList<Head>();
            Modseq before = Modseq.NONE;
            while (in.hasRemaining()) {
                var first = new Modseq(in.getLong());
                var last = new Modseq(in.getLong());
                var head = new Head(first, last, JournalSegment.hash(in), Instant.ofEpochMilli(in.getLong()));
                if (!first.after(before) || first.after(last)) throw new BufferUnderflowException();
                heads.add(head);
                before = last;
            }
            boolean named = !heads.isEmpty() && account.equals(name.account())
                    && heads.getFirst().first().value() == name.high() && before.value() == name.low();
            if (!named) throw new Fault.Corrupt("Heads are others than their name says", Map.of("object", name));
            return new Heads(account, heads);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Heads unreadable", Map.of("object", name), e);
        }
    }

    /// Returns the longest that can be read; empty where nothing was collected.
    ///
    /// @throws Fault if there are some and none can be read
    public static Optional<Heads> newest(Holdings holdings, AccountId account) {
        @Nullable Fault fault = null;
        for (ObjectName name : names(holdings, account).reversed()) {
            try {
                return Optional.of(decode(name, holdings.read(name)));
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                Log.event(Event.VAULT_READ_FAILED, "object", name, "why", e);
                fault = e;
            }
        }
        if (fault != null) throw fault;
        return Optional.empty();
    }

    private static List<ObjectName> names(Holdings holdings, AccountId account) {
        var names = new ArrayList<>(holdings.all(account, ObjectName.Kind.HEADS));
        names.sort(java.util.Comparator.comparingLong(ObjectName::low));
        return names;
    }

    /// Returns up to which change the journal was collected, as the names say; 0 where nothing was.
    public static Modseq floor(Holdings holdings, AccountId account) {
        List<ObjectName> names = names(holdings, account);
        return names.isEmpty() ? Modseq.NONE : new Modseq(names.getLast().low());
    }

    /// Says whether a journal object lies below a floor: whoever has it still will lose it, nobody is to get it again.
    public static boolean below(ObjectName name, Modseq floor) {
        return switch (name.kind()) {
            case SEGMENT, CONTENTS -> name.low() <= floor.value();
            case CHECKPOINT -> name.high() <= floor.value();
            case HEADS -> name.low() < floor.value();
            case MAIL, PAGE -> false;
        };
    }
}
