package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Sha256;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.vault.pack.PackSegment.Slot;
import casella.vault.pack.Words.Word;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The objects that are there, in name order, merged from many segments: the newest word on a name counts, and an
/// erasure ends what was before it. For one thread.
final class LiveObjects {
    private static final Sha256 ZERO = Sha256.wrap(new byte[Sha256.BYTES]);
    private static final Sha256 ONES = Sha256.wrap(ones());

    private final Snapshot in;
    private final Words words;
    private final Place before;
    private final Consumer<Slot> dead;

    /// @param segments of `in` that are asked
    /// @param before only what was said before this place counts
    /// @param dead told where objects are that are no more
    LiveObjects(Snapshot in, List<PackSegment> segments, Place before, Consumer<Slot> dead) {
        this.in = in;
        this.words = new Words(segments, before, dead);
        this.before = before;
        this.dead = dead;
    }

    /// Returns the name that sorts before every object of an account.
    static ObjectName first(AccountId account) {
        return first(account, Kind.MAIL);
    }

    static ObjectName first(AccountId account, Kind kind) {
        return new ObjectName(account, kind, 0, 0, ZERO);
    }

    /// Returns the name that sorts after every object of an account.
    static ObjectName last(AccountId account) {
        Kind[] kinds = Kind.values();
        return new ObjectName(account, kinds[kinds.length - 1], -1, -1, ONES);
    }

    private static byte[] ones() {
        byte[] ones = new byte[Sha256.BYTES];
        Arrays.fill(ones, (byte) -1);
        return ones;
    }

    LiveObjects seek(ObjectName from) throws IOException {
        words.seek(from);
        return this;
    }

    /// Returns the next object, or null after the last.
    @Nullable Word next() throws IOException {
        Word word = words.next();
        while (word != null && !there(word)) word = words.next();
        return word;
    }

    private boolean there(Word word) {
        if (word.slot().removed()) return false;
        if (!in.erased(word.name().account(), word.slot().place(), before)) return true;
        dead.accept(word.slot());
        return false;
    }
}
