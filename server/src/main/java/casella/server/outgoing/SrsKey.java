package casella.server.outgoing;

import casella.server.proof.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/// The secret that tells senders we wrote into mail that went on from those that others made up. Page: docs/formats/srs.md.
final class SrsKey {
    private static final String FILE = "srs.key";
    private static final String FIRST = "casella srs key, format ";
    private static final int FORMAT = 1;
    private static final String BLOCK = "CASELLA SRS KEY";
    private static final int BYTES = 32;

    private SrsKey() {}

    /// Returns the key in `folder`, made if there is none.
    ///
    /// @throws casella.base.Fault.Corrupt if others may read it, or a newer version wrote it
    static byte[] open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            byte[] made = new byte[BYTES];
            new SecureRandom().nextBytes(made);
            KeyFile.write(file, FIRST + FORMAT + "\n" + KeyFile.pem(BLOCK, made), KeyFile.OWNER_ALONE);
        }
        String text = KeyFile.read(file);
        KeyFile.check(text, FIRST, FORMAT);
        return KeyFile.block(text, BLOCK);
    }
}
