package casella.store.archive;

import casella.base.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;

/// The last pages asked for, so that memory is the same however large the account. For one thread.
final class HeldPages implements CheckpointRows.Pages {
    /// Where a page's bytes are read.
    interface Source {
        byte[] read(Sha256 hash);
    }

    private static final int PAGES_HELD = 64;

    private final Source source;
    private final Map<Sha256, Page> held = new LinkedHashMap<>(PAGES_HELD, 0.75f, true);

    HeldPages(Source source) {
        this.source = source;
    }

    @Override
    public Page page(Sha256 hash) {
        Page page = held.get(hash);
        if (page != null) return page;
        page = Page.decode(source.read(hash));
        if (held.size() >= PAGES_HELD) held.remove(held.keySet().iterator().next());
        held.put(hash, page);
        return page;
    }
}
