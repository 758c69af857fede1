package casella.store.tail;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.disk.Disk;
import casella.store.disk.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Whether the tail has all that was ever handed to it and not released.
///
/// A tail has an identity, made with its folder. Apart from it a record says which tail served last. When they are not the
/// same, or damage is found, entries may be gone without a trace: the tail is in doubt from then on, over restarts, until
/// every account has been proven. A tail in which nothing was held when it was closed can be lost without doubt.
///
/// For threads that may block, one at a time. Page: docs/formats/tail.md.
final class Vouching {
    private static final String IDENTITY = "casella-tail 1";
    private static final String RECORD = "casella-tail-record 1";
    private static final int ID_BYTES = 16;

    /// What the record says.
    ///
    /// @param clean whether nothing was held when the tail was closed
    /// @param doubted Unix milliseconds since when it is in doubt; 0: it is not
    /// @param damaged files whose damage has been taken up
    private record Kept(String id, boolean clean, long doubted, Set<Long> damaged) {
        List<String> lines() {
            var numbers = new ArrayList<String>();
            for (long number : new TreeSet<>(damaged)) numbers.add(Long.toString(number));
            return List.of(
                    "id " + id,
                    "state " + (clean ? "clean" : "open"),
                    "doubted " + doubted,
                    ("damaged " + String.join(" ", numbers)).strip());
        }

        static Optional<Kept> of(List<String> lines) {
            try {
                if (lines.size() < 4) return Optional.empty();
                String damaged = value(lines.get(3), "damaged");
                var numbers = new TreeSet<Long>();
                if (!damaged.isEmpty()) for (String one : damaged.split(" ")) numbers.add(Long.parseLong(one));
                boolean clean = value(lines.get(1), "state").equals("clean");
                return Optional.of(new Kept(
                        value(lines.get(0), "id"), clean, Long.parseLong(value(lines.get(2), "doubted")), numbers));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private static String value(String line, String name) {
            if (!line.startsWith(name)) throw new IllegalArgumentException(name + ": missing");
            return line.substring(name.length()).strip();
        }
    }

    private final SmallFile record;
    private Kept kept;

    private Vouching(SmallFile record, Kept kept) {
        this.record = record;
        this.kept = kept;
    }

    /// Compares the tail in `folder` with the record in `registry`, and writes down that this one serves.
    ///
    /// @param used whether there were files in the tail when it was opened
    /// @param damaged numbers of the files in which damage was found
    /// @throws Fault.Unavailable if the record says that nothing can be missed and cannot be replaced
    static Vouching begin(
            Disk tails, Path folder, boolean used, Collection<Long> damaged, Disk disk, Path registry,
            Instant now) {
        var record = new SmallFile(disk, registry.resolve("tail"), RECORD);
        Optional<Kept> last = kept(record);
        @Nullable String id = identity(tails, folder);
        // Of a version that made no identities: nothing says that it is another than the one that served.
        boolean adopted = id == null && used && last.isEmpty();
        boolean same = id != null && last.isPresent() && last.get().id().equals(id);
        boolean missed = last.isPresent() && last.get().clean() && !used;
        // Damage in what nobody needs any more harms nobody.
        boolean more = last.isEmpty() ? !damaged.isEmpty()
                : !last.get().clean() && !last.get().damaged().containsAll(damaged);
        boolean doubt = !(adopted || same || missed) || more;
        // A first start looks like the loss of tail and registry, and has nothing to lose: a hole says so itself.
        boolean quiet = last.isEmpty() && id == null && !used && damaged.isEmpty();
        long since = last.map(Kept::doubted).orElse(0L);
        if (doubt) since = Math.max(since + 1, now.toEpochMilli());
        if (id == null) id = make(tails, folder);
        if (id == null) {
            // It will be another one at the next start as well.
            id = "none";
            since = Math.max(since, now.toEpochMilli());
        }
        var vouching = new Vouching(record, new Kept(id, false, since, Set.copyOf(damaged)));
        if (doubt && !quiet) {
            Log.event(
                    Event.STORE_TAIL_DOUBTED,
                    "another", !(adopted || same || missed), "known", last.isPresent(), "damagedFiles", damaged.size());
        }
        try {
            record.write(vouching.kept.lines());
        } catch (IOException e) {
            if (last.isPresent() && last.get().clean()) {
                throw new Fault.Unavailable("The record of the tail cannot be kept", Map.of("folder", registry), e);
            }
            Log.event(Event.STORE_TAIL_DOUBTED, e, "another", false, "known", false, "damagedFiles", damaged.size());
            vouching.kept = new Kept(id, false, Math.max(since, now.toEpochMilli()), Set.copyOf(damaged));
        }
        return vouching;
    }

    private static Optional<Kept> kept(SmallFile record) {
        try {
            return record.read().flatMap(Kept::of);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static SmallFile identityFile(Disk disk, Path folder) {
        return new SmallFile(disk, folder.resolve("identity"), IDENTITY);
    }

    private static @Nullable String identity(Disk disk, Path folder) {
        try {
            List<String> lines = identityFile(disk, folder).read().orElse(List.of());
            return lines.size() == 1 && lines.getFirst().matches("id [0-9a-f]{32}") ? lines.getFirst().substring(3) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String make(Disk disk, Path folder) {
        byte[] id = new byte[ID_BYTES];
        new SecureRandom().nextBytes(id);
        String text = HexFormat.of().formatHex(id);
        try {
            identityFile(disk, folder).write(List.of("id " + text));
            return text;
        } catch (IOException e) {
            return null;
        }
    }

    /// Returns since when the tail is in doubt, whole milliseconds; null if it is not.
    @Nullable Instant doubtedSince() {
        long since = kept.doubted();
        return since == 0 ? null : Instant.ofEpochMilli(since);
    }

    /// Ends the doubt that began at `since`, if no other began meanwhile.
    void proven(Instant since) throws IOException {
        if (kept.doubted() == 0 || kept.doubted() != since.toEpochMilli()) return;
        Kept next = new Kept(kept.id(), kept.clean(), 0, kept.damaged());
        record.write(next.lines());
        kept = next;
        Log.event(Event.STORE_TAIL_PROVEN);
    }

    /// Writes down that nothing is held any more, and that nothing will be written.
    void clean() throws IOException {
        Kept next = new Kept(kept.id(), true, kept.doubted(), kept.damaged());
        record.write(next.lines());
        kept = next;
    }
}
