package casella.vault.files;

import casella.base.AccountId;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// How many objects there are. A clean end keeps the count; else the folders are counted after the opening, a little at a
/// time: at first for half a second, then whenever the writer has nothing to do. What comes and goes beyond the place
/// the count has reached is not counted twice.
///
/// Told by the writer's thread alone; anybody may ask.
final class Tally {
    /// The number of the line's form. 1: first. Another is not read: the folders are counted again.
    private static final int FORMAT = 1;

    private static final String FIRST = "Casella figures, format ";
    private static final Pattern LINE =
            Pattern.compile("(" + FIRST + FORMAT
                    + ", objects (\\d{1,18}), bytes (\\d{1,18})), check ([0-9a-f]{8})\n");

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final FilesReads reads;
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong quarantined = new AtomicLong();
    private boolean all;
    private @Nullable AccountId account;
    /// Index of the kind being counted.
    private int kind;
    private @Nullable ObjectName last;

    Tally(FilesReads reads) {
        this.reads = reads;
    }

    Vault.Figures figures() {
        return new Vault.Figures(objects.get(), bytes.get(), quarantined.get());
    }

    void came(ObjectName name, long length) {
        if (counted(name)) add(1, length);
    }

    void went(ObjectName name, long length) {
        if (counted(name)) add(-1, -length);
    }

    void setAside(int files) {
        quarantined.addAndGet(files);
    }

    private void add(int count, long length) {
        objects.addAndGet(count);
        bytes.addAndGet(length);
    }

    private boolean counted(ObjectName name) {
        AccountId at = account;
        if (all || at == null) return all;
        if (!name.account().equals(at)) return name.account().compareTo(at) < 0;
        if (name.kind() != KINDS.get(kind)) return name.kind().number() < KINDS.get(kind).number();
        ObjectName until = last;
        return until != null && name.compareTo(until) <= 0;
    }

    /// Goes on counting for at most `time`, or to the end.
    void goOn(Duration time) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        while (!all && System.nanoTime() - until < 0) {
            AccountId at = account;
            if (at == null) {
                next(null);
                continue;
            }
            boolean kindDone = reads.visit(at, KINDS.get(kind), last, name -> {
                reads.entry(name).ifPresent(entry -> add(1, entry.storedBytes()));
                last = name;
                return System.nanoTime() - until < 0;
            });
            if (!kindDone) return;
            last = null;
            if (kind + 1 < KINDS.size()) kind++;
            else next(at);
        }
    }

    /// Returns what [#restore] takes, one line; empty while not all is counted.
    String line() {
        if (!all) return "";
        String text = FIRST + FORMAT + ", objects " + objects + ", bytes " + bytes;
        return text + ", check " + check(text) + "\n";
    }

    /// Takes what a clean end counted instead of counting again. Anything but a whole line is nothing.
    void restore(String line) {
        Matcher told = LINE.matcher(line);
        if (!told.matches() || !told.group(4).equals(check(told.group(1)))) return;
        objects.set(Long.parseLong(told.group(2)));
        bytes.set(Long.parseLong(told.group(3)));
        all = true;
    }

    private static String check(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private void next(@Nullable AccountId after) throws IOException {
        List<AccountId> found = reads.accounts(after, 1);
        all = found.isEmpty();
        account = all ? null : found.getFirst();
        kind = 0;
        last = null;
    }
}
