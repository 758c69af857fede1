package casella.store.care;

import casella.store.Copies;
import casella.store.Debt;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The debt as it is kept over a restart.
///
/// ```text
/// clean yes                                   written at the end of a run that closed well, and surveyed
/// vault pack 1204 88031245                    objects and bytes in the vault then
/// copy pack 2177 1795350000 <name, hex>       owed: vault, bytes, since, the 57 bytes of the name
/// removal rocksdb 0 1795350000 <name, hex>
/// ```
final class DebtFile {
    private final CareFile file;
    private final Copies copies;

    DebtFile(CareFile file, Copies copies) {
        this.file = file;
        this.copies = copies;
    }

    /// Takes up the hints of the last run. Returns false when they may not be all: the last run did not end well, the file
    /// is lost, or a vault holds another number of objects than it held then.
    boolean read() {
        Optional<List<String>> lines = file.read();
        if (lines.isEmpty()) return copies.homes().stream().allMatch(shelf -> shelf.vault().figures().objects() == 0);
        boolean whole = true;
        var held = new ArrayList<String>();
        try {
            for (String line : lines.get()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "clean" -> whole &= words[1].equals("yes");
                    case "vault" -> held.add(line);
                    case "copy" -> hint(words, Debt.Kind.COPY);
                    case "removal" -> hint(words, Debt.Kind.REMOVAL);
                    default -> whole = false;
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
        return whole && held.equals(held());
    }

    private void hint(String[] words, Debt.Kind kind) {
        var name = ObjectName.of(HexFormat.of().parseHex(words[4]));
        boolean ours = copies.homes().stream().anyMatch(shelf -> shelf.name().equals(words[1]));
        if (ours) {
            copies.debt().note(new Debt.Hint(name, words[1], kind, Long.parseLong(words[2]), Long.parseLong(words[3])));
        }
    }

    private List<String> held() {
        var lines = new ArrayList<String>();
        for (Shelf shelf : copies.homes()) {
            Vault.Figures figures = shelf.vault().figures();
            lines.add("vault " + shelf.name() + " " + figures.objects() + " " + figures.bytes());
        }
        return lines;
    }

    /// @param clean whether all that is owed is known and nothing will be written any more
    void write(boolean clean) {
        var lines = new ArrayList<String>();
        lines.add("clean " + (clean ? "yes" : "no"));
        if (clean) lines.addAll(held());
        for (Debt.Hint hint : copies.debt().all()) {
            String kind = switch (hint.kind()) {
                case COPY -> "copy";
                case REMOVAL -> "removal";
            };
            String name = HexFormat.of().formatHex(hint.name().bytes());
            lines.add(kind + " " + hint.vault() + " " + hint.bytes() + " " + hint.since() + " " + name);
        }
        file.write(lines);
    }
}
