package casella.vault.pack;

import casella.base.AccountId;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;

/// Says of a name or an account "certainly not here" or "perhaps": 10 bits a key and 7 probes, about 1 % wrong perhaps.
///
/// A key's hash folds its big-endian 64-bit words, the last filled with zeros, `h = mix(h ^ word)` from 0 with the
/// finalizer of SplitMix64; probe `i` is bit `(h + i * (mix(h) | 1)) mod bits`, unsigned. Bit n is bit `n mod 64` of
/// word `n / 64`.
final class Bloom {
    private static final int BITS_A_KEY = 10;
    private static final int PROBES = 7;

    private final long[] words;

    private Bloom(long[] words) {
        this.words = words;
    }

    static Bloom sized(long keys) {
        long bits = Math.max(64, keys * BITS_A_KEY);
        return new Bloom(new long[Math.toIntExact((bits + 63) / 64)]);
    }

    static Bloom of(ByteBuffer in, int words) {
        long[] read = new long[words];
        for (int i = 0; i < words; i++) read[i] = in.getLong();
        return new Bloom(read);
    }

    int words() {
        return words.length;
    }

    void write(ByteBuffer out) {
        for (long word : words) out.putLong(word);
    }

    void add(ObjectName name) {
        add(hash(name));
    }

    void add(AccountId account) {
        add(mix(account.value()));
    }

    boolean mayHold(ObjectName name) {
        return mayHold(hash(name));
    }

    boolean mayHold(AccountId account) {
        return mayHold(mix(account.value()));
    }

    private void add(long hash) {
        long step = mix(hash) | 1;
        for (int i = 0; i < PROBES; i++) {
            long bit = Long.remainderUnsigned(hash + i * step, words.length * 64L);
            words[(int) (bit >>> 6)] |= 1L << bit;
        }
    }

    private boolean mayHold(long hash) {
        long step = mix(hash) | 1;
        for (int i = 0; i < PROBES; i++) {
            long bit = Long.remainderUnsigned(hash + i * step, words.length * 64L);
            if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) return false;
        }
        return true;
    }

    private static long hash(ObjectName name) {
        byte[] padded = ByteBuffer.allocate(64).put(name.bytes()).array();
        ByteBuffer in = ByteBuffer.wrap(padded);
        long hash = 0;
        while (in.hasRemaining()) hash = mix(hash ^ in.getLong());
        return hash;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
