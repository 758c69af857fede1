package casella.vault.files;

import casella.base.Fault;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// The vault's first file, for whoever finds the folder: what it is, and in which format.
final class Readme {
    /// The number of the layout, in the first line. 1: first.
    static final int FORMAT = 1;

    private static final String FIRST = "Casella files vault, format ";
    private static final String TEXT =
            FIRST + FORMAT + "\n"
                    + """

                    Every file under "accounts" is one object. A mail ends in .eml: open it with a mail
                    program, or take what follows its last X-Casella line to have it as it arrived:

                        sed '1,/^X-Casella-End: /d' FILE

                    Its SHA-256 is the last part of its name. Times in names are UTC. Do not change, rename or
                    remove files while a server uses this folder; what is changed is set aside in "quarantine"
                    and copied anew. The format is described in docs/formats/files.md of the project.
                    """;

    private Readme() {}

    /// Looks at a folder before anything in it is touched.
    ///
    /// @return whether the file is there as this version writes it
    /// @throws Fault.Corrupt if a newer version wrote it
    static boolean check(Disk disk, Layout layout) throws IOException {
        String text = start(disk, layout.readme(), TEXT.length() + 1);
        String line = text.lines().findFirst().orElse("");
        String number = line.startsWith(FIRST) ? line.substring(FIRST.length()) : "";
        if (number.matches("[0-9]{1,9}") && Integer.parseInt(number) > FORMAT) {
            throw new Fault.Corrupt(
                    "Vault was written by a newer version",
                    Map.of("folder", layout.root(), "format", number, "read", FORMAT));
        }
        return text.equals(TEXT);
    }

    static String text() {
        return TEXT;
    }

    /// Returns the start of a small file of ours, which is ASCII; empty if there is none.
    static String start(Disk disk, Path file, int length) throws IOException {
        try (Disk.File open = disk.open(file)) {
            return new String(OpenFiles.read(open, 0, length), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
