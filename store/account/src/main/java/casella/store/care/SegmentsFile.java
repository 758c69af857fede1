package casella.store.care;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.Copies;
import casella.store.SegmentDebt;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which vaults may lack segments, as it is kept over any end of a process.
///
/// ```text
/// vault pack 1204 <name, hex>        objects in it then, and a segment it took lately; - without one
/// behind pack 12ab34cd00000000       an account of which it may lack segments
/// behind rocksdb any                 it may lack segments of any account
/// ```
///
/// A vault that has fewer objects now, or not that segment, is another than it was: nothing is known of it.
final class SegmentsFile {
    private static final String NONE = "-";
    /// The archiver waits for it.
    private static final Duration TIME = Duration.ofSeconds(1);
    private static final String ANY = "any";

    private final CareFile file;
    private final Copies copies;

    SegmentsFile(CareFile file, Copies copies) {
        this.file = file;
        this.copies = copies;
    }

    /// Takes up what the last run wrote down.
    ///
    /// @param surveyed whether all that is owed is among the hints already
    void begin(boolean surveyed) {
        SegmentDebt debt = copies.debt().segments();
        if (surveyed) debt.surveyed(names());
        else take(debt);
        debt.keptBy(known -> file.kept(lines(known), TIME));
    }

    /// Returns the vaults that hold a copy of everything.
    List<String> names() {
        return copies.homes().stream().map(Shelf::name).toList();
    }

    private void take(SegmentDebt debt) {
        Optional<List<String>> lines = file.read();
        var vaults = new HashMap<String, String[]>();
        Map<String, Set<AccountId>> behind = new HashMap<>();
        var any = new HashSet<String>();
        try {
            for (String line : lines.orElse(List.of())) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "vault" -> vaults.put(words[1], words);
                    case "behind" -> {
                        if (words[2].equals(ANY)) any.add(words[1]);
                        else behind.computeIfAbsent(words[1], _ -> new HashSet<>()).add(AccountId.parse(words[2]));
                    }
                    default -> {
                        return;
                    }
                }
            }
            for (Shelf shelf : copies.homes()) {
                String[] words = vaults.get(shelf.name());
                if (words == null || any.contains(shelf.name())) continue;
                ObjectName newest =
                        words[3].equals(NONE) ? null : ObjectName.of(HexFormat.of().parseHex(words[3]));
                if (shelf.vault().figures().objects() < Long.parseLong(words[2])) continue;
                Set<AccountId> accounts = behind.getOrDefault(shelf.name(), Set.of());
                same(shelf, newest).ifPresent(same ->
                        debt.begin(new SegmentDebt.Known(shelf.name(), false, accounts, newest), same));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            Log.event(Event.CARE_FILE_UNREADABLE, e, "file", "segments");
        }
    }

    /// Returns empty for a vault that does not have what it took lately; false for one that does not answer.
    private Optional<Boolean> same(Shelf shelf, @Nullable ObjectName newest) {
        if (newest == null) return Optional.of(true);
        try {
            boolean there = shelf.vault().get(newest, 0, 1, copies.policy().read()) != null;
            return there ? Optional.of(true) : Optional.empty();
        } catch (Fault.Unavailable e) {
            Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            return Optional.of(false);
        } catch (Fault e) {
            Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            return Optional.empty();
        }
    }

    private List<String> lines(List<SegmentDebt.Known> known) {
        var lines = new ArrayList<String>();
        for (SegmentDebt.Known one : known) {
            ObjectName newest = one.newest();
            String witness = newest == null ? NONE : HexFormat.of().formatHex(newest.bytes());
            lines.add("vault " + one.vault() + " " + objects(one.vault()) + " " + witness);
            if (one.any()) lines.add("behind " + one.vault() + " " + ANY);
            for (AccountId account : one.behind()) lines.add("behind " + one.vault() + " " + account);
        }
        return lines;
    }

    private long objects(String vault) {
        return copies.homes().stream()
                .filter(shelf -> shelf.name().equals(vault))
                .mapToLong(shelf -> shelf.vault().figures().objects())
                .sum();
    }
}
