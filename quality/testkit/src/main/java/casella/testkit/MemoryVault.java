package casella.testkit;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A vault in memory, for tests of what stands on vaults. Keeps nothing over a restart.
public final class MemoryVault implements Vault {
    private final String name;
    private final ConcurrentSkipListMap<ObjectName, byte[]> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong puts = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final Map<ObjectName.Kind, Long> reads = new ConcurrentHashMap<>();

    public MemoryVault(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    /// Returns how often an object of that kind was asked for.
    public long reads(ObjectName.Kind kind) {
        return reads.getOrDefault(kind, 0L);
    }

    /// Each one is of a technology of its own, so that two satisfy a policy of distinct technologies.
    @Override
    public String technology() {
        return "memory-" + name;
    }

    @Override
    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    public Ticket<Void> put(ObjectName object, byte[] bytes) {
        puts.incrementAndGet();
        objects.put(object, bytes);
        return Ticket.done("memory-vault.put", null);
    }

    @Override
    public byte @Nullable [] get(ObjectName object, long from, int length, Duration time) {
        reads.merge(object.kind(), 1L, Long::sum);
        byte[] bytes = objects.get(object);
        if (bytes == null) return null;
        int start = (int) Math.min(from, bytes.length);
        return Arrays.copyOfRange(bytes, start, (int) Math.min((long) start + length, bytes.length));
    }

    @Override
    public List<Entry> list(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        var page = new ArrayList<Entry>();
        for (var entry : objects.entrySet()) {
            ObjectName object = entry.getKey();
            if (!object.account().equals(account) || object.kind() != kind) continue;
            if (after != null && object.compareTo(after) <= 0) continue;
            if (page.size() == limit) break;
            byte[] receipt = StoredObject.open(object, entry.getValue()).receipt();
            page.add(new Entry(object, entry.getValue().length, receipt));
        }
        return page;
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return objects.keySet().stream()
                .map(ObjectName::account)
                .distinct()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    public Ticket<Void> delete(ObjectName object) {
        objects.remove(object);
        return Ticket.done("memory-vault.delete", null);
    }

    @Override
    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    public Ticket<Void> erase(AccountId account) {
        objects.keySet().removeIf(object -> object.account().equals(account));
        return Ticket.done("memory-vault.erase", null);
    }

    @Override
    public void probe(Duration time) {}

    @Override
    public Figures figures() {
        return new Figures(objects.size(), objects.values().stream().mapToLong(bytes -> bytes.length).sum(),
                0);
    }

    /// Takes every object away, as somebody does who removes the folder; the vault notices.
    public void removeAll() {
        objects.clear();
        losses.incrementAndGet();
    }

    @Override
    public void forgetCached(Duration time) {
        forgotten.incrementAndGet();
    }

    /// Returns how often it was asked to read from the disk from then on.
    public long forgotten() {
        return forgotten.get();
    }

    @Override
    public long losses() {
        return losses.get();
    }

    @Override
    public long syncs() {
        return puts.get();
    }

    @Override
    public void close() {}
}
