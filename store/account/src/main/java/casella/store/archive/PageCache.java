package casella.store.archive;

import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Sha256;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Pages of checkpoints in memory, for everybody who reads an account out of its journal, and the threads on
/// which they are fetched.
///
/// A caller waits for a page until its own deadline; a vault that hangs holds these threads and no other.
/// Pages are named by their hash, so one of the same content is kept once.
public final class PageCache implements AutoCloseable {
    /// Bytes of pages kept, as they are encoded; about twice that in memory.
    private static final long BYTES_MAX = 64L << 20;

    private static final int READERS = 4;
    private static final int INDEXERS = 2;
    private static final int WAITING_MAX = 1_024;
    private static final Duration INDEX_TIME = Duration.ofMinutes(5);

    private final Bulkhead readers = new Bulkhead("standby.page", READERS, WAITING_MAX);
    private final Bulkhead indexers = new Bulkhead("standby.index", INDEXERS, WAITING_MAX);
    private final Map<Sha256, Kept> kept = new LinkedHashMap<>(256, 0.75f, true);
    private final AtomicLong reads = new AtomicLong();
    private long bytes;

    private record Kept(Page page, int bytes) {}

    /// Returns a page, fetched on a thread of its own if it is not here.
    ///
    /// @throws casella.base.Fault.Unavailable if it does not come in time
    Page page(Sha256 hash, HeldPages.Source source, Deadline deadline) {
        Page page = here(hash);
        if (page != null) return page;
        return readers.submit(deadline, () -> now(hash, source)).await(deadline);
    }

    /// Returns a page, fetched on this thread if it is not here.
    Page now(Sha256 hash, HeldPages.Source source) {
        Page page = here(hash);
        if (page != null) return page;
        byte[] content = source.read(hash);
        page = Page.decode(content);
        reads.incrementAndGet();
        keep(hash, page, content.length);
        return page;
    }

    /// Runs work that reads many pages, on a thread of its own. It goes on when its caller waits no longer.
    <T> casella.base.Ticket<T> index(Callable<T> work) {
        return indexers.submit(Deadline.in(INDEX_TIME), work);
    }

    private synchronized @Nullable Page here(Sha256 hash) {
        Kept page = kept.get(hash);
        return page == null ? null : page.page();
    }

    private synchronized void keep(Sha256 hash, Page page, int length) {
        if (kept.putIfAbsent(hash, new Kept(page, length)) != null) return;
        bytes += length;
        while (bytes > BYTES_MAX && kept.size() > 1) {
            Sha256 oldest = kept.keySet().iterator().next();
            Kept gone = kept.remove(oldest);
            if (gone != null) bytes -= gone.bytes();
        }
    }

    /// Returns how many pages were read from vaults since the start.
    public long reads() {
        return reads.get();
    }

    @Override
    public void close() {
        readers.close();
        indexers.close();
    }
}
