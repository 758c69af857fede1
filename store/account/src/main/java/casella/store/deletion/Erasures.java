package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.care.CareFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every erasure that was ever ordered, over restarts: what vaults that are away owe. As lines of a file of
/// [casella.store.care.CareFile], `erasures`:
///
/// ```text
/// erase 0123456789abc 1795334351489 order
/// place 0123456789abc vault.pack 1795334399000   confirmed, Unix milliseconds; 0: not yet
/// place 0123456789abc set-aside 0 1797926399000  … and by when what is set aside there goes
/// ```
///
/// Two files say the same: one that is damaged costs nothing. Page: docs/formats/erasure.md. Safe from any
/// thread.
final class Erasures {
    private final List<CareFile> files;
    private final Map<AccountId, Certificate> all = new TreeMap<>();

    /// @param files that say the same; the first that is whole is believed
    Erasures(List<CareFile> files) {
        this.files = List.copyOf(files);
        for (CareFile file : files) {
            Optional<List<String>> lines = file.read();
            if (lines.isPresent() && taken(lines.get())) return;
        }
    }

    private boolean taken(List<String> lines) {
        try {
            for (String line : lines) {
                String[] words = line.split(" ");
                AccountId id = AccountId.parse(words[1]);
                switch (words[0]) {
                    case "erase" -> all.put(id, new Certificate(id, at(words[2]), words[3], new TreeMap<>(),
                            new TreeMap<>()));
                    case "place" -> {
                        set(id, words[2], words[3].equals("0") ? null : at(words[3]));
                        if (words.length > 4) date(id, words[2], at(words[4]));
                    }
                    default -> throw new IllegalArgumentException("erasures: no line like it");
                }
            }
            return true;
        } catch (RuntimeException e) {
            Log.event(Event.CARE_FILE_UNREADABLE, e, "file", "erasures");
            all.clear();
            return false;
        }
    }

    private static Instant at(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private void set(AccountId id, String place, @Nullable Instant at) {
        Certificate known = all.get(id);
        if (known == null) throw new IllegalArgumentException("erasures: a place of no erasure");
        var places = new TreeMap<>(known.places());
        places.put(place, at);
        all.put(id, new Certificate(id, known.ordered(), known.reason(), places, known.by()));
    }

    private void date(AccountId id, String place, Instant by) {
        Certificate known = all.get(id);
        if (known == null) throw new IllegalArgumentException("erasures: a date of no erasure");
        var dates = new TreeMap<>(known.by());
        dates.put(place, by);
        all.put(id, new Certificate(id, known.ordered(), known.reason(), known.places(), dates));
    }

    synchronized List<Certificate> all() {
        return List.copyOf(all.values());
    }

    synchronized Optional<Certificate> of(AccountId id) {
        return Optional.ofNullable(all.get(id));
    }

    /// Takes note of an erasure; it is durable when this returns.
    ///
    /// @throws Fault.Unavailable if it cannot be kept: nothing may be erased then
    synchronized void begin(Certificate certificate) {
        all.put(certificate.account(), certificate);
        boolean kept = false;
        try {
            write();
            List<String> lines = lines();
            kept = files.stream().allMatch(file -> file.read().orElse(List.of()).equals(lines));
        } finally {
            if (!kept) forget(certificate.account());
        }
        if (!kept) {
            throw new Fault.Unavailable("The erasure cannot be kept", Map.of("account", certificate.account()));
        }
    }

    /// What is not kept is not carried out: neither now nor from a file that had it after all.
    private void forget(AccountId account) {
        all.remove(account);
        try {
            write();
        } catch (Fault e) {
            Log.event(Event.CARE_FILE_UNREADABLE, e, "file", "erasures");
        }
    }

    synchronized void confirmed(AccountId id, String place, Instant at) {
        set(id, place, at);
        write();
    }

    /// Takes note of when at the latest what is set aside in a place goes.
    synchronized void dated(AccountId id, String place, Instant by) {
        date(id, place, by);
        write();
    }

    private void write() {
        List<String> lines = lines();
        for (CareFile file : files) file.write(lines);
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        for (Certificate one : all.values()) {
            lines.add("erase " + one.account() + " " + one.ordered().toEpochMilli() + " " + one.reason());
            one.places().forEach((place, at) -> {
                Instant by = one.by().get(place);
                lines.add("place " + one.account() + " " + place + " " + (at == null ? 0 : at.toEpochMilli())
                        + (by == null ? "" : " " + by.toEpochMilli()));
            });
        }
        return lines;
    }
}
