package casella.store.vault;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/// zstd at level 1, with its working memory used again.
///
/// That memory is over half a megabyte of native tables, new to the process each time it is taken: for a mail of 50 KB
/// making it costs about as much as compressing. At most as many are in use as threads run at the same moment, and
/// [#KEPT_MAX] are kept.
final class Compression {
    private static final int LEVEL = 1;
    private static final int KEPT_MAX = 16;
    private static final ArrayBlockingQueue<Press> PRESSES = new ArrayBlockingQueue<>(KEPT_MAX);
    private static final ArrayBlockingQueue<ZstdDecompressCtx> OPENERS = new ArrayBlockingQueue<>(KEPT_MAX);

    private record Press(ZstdCompressCtx context, byte[] room) {}

    private Compression() {}

    /// Returns content `from` (inclusive) until `until` (exclusive), at most [StoredObject#CHUNK_BYTES], in one frame;
    /// what does not get smaller stays as it is, so equal length means raw.
    static byte[] compress(byte[] content, int from, int until) {
        @Nullable Press kept = PRESSES.poll();
        Press press = kept == null ? press() : kept;
        try {
            byte[] room = press.room();
            int length = press.context().compressByteArray(room, 0, room.length, content, from, until - from);
            byte[] out = length >= until - from
                    ? Arrays.copyOfRange(content, from, until)
                    : Arrays.copyOf(room, length);
            if (!PRESSES.offer(press)) press.context().close();
            return out;
        } catch (ZstdException e) {
            press.context().close();
            return Arrays.copyOfRange(content, from, until);
        }
    }

    private static Press press() {
        var context = new ZstdCompressCtx();
        context.setLevel(LEVEL);
        return new Press(context, new byte[(int) Zstd.compressBound(StoredObject.CHUNK_BYTES)]);
    }

    /// Puts what `length` bytes of `stored` from `at` hold into `into` at `to`, at most `room` bytes, and returns how many
    /// that were; a negative number if they hold nothing, or more.
    static int decompress(byte[] into, int to, int room, byte[] stored, int at, int length) {
        @Nullable ZstdDecompressCtx kept = OPENERS.poll();
        ZstdDecompressCtx opener = kept == null ? new ZstdDecompressCtx() : kept;
        try {
            int count = opener.decompressByteArray(into, to, room, stored, at, length);
            if (!OPENERS.offer(opener)) opener.close();
            return count;
        } catch (ZstdException | IndexOutOfBoundsException e) {
            opener.close();
            return -1;
        }
    }
}
