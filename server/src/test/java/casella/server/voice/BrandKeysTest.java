package casella.server.voice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimSigner;
import casella.authenticity.DkimVerifier;
import casella.base.Clock;
import casella.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a brand's key is made once, is for nobody else to read, and is never replaced.
final class BrandKeysTest {
    private static final byte[] MAIL = "From: a@posta.example\r\n\r\nCiao.\r\n".getBytes(UTF_8);

    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void aKeyIsMadeOnceAndStillThereAfterARestart() throws IOException {
        byte[] signed;
        DkimKey made;
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(files()).isEmpty();
            made = keys.signing("posta.example");
            assertThat(keys.signing("posta.example")).isEqualTo(made);
            signed = DkimSigner.sign(MAIL, made, List.of("From"), Instant.EPOCH);
        }

        assertThat(made.selector()).matches("casella-20[0-9]{6}");
        assertThat(files()).containsExactly(folder.resolve("dkim.posta.example." + made.selector() + ".key"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst()))).isEqualTo("rw-------");
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.signing("posta.example").dnsText()).isEqualTo(made.dnsText());
            assertThat(DkimVerifier.verify(signed, keys))
                    .containsExactly(new DkimVerifier.Result.Valid("posta.example", made.selector()));
            assertThat(keys.key("virgola.example", made.selector())).isNull();
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void aKeyThatCannotBeReadIsNotReplacedAndKeepsOtherDomainsFromNothing() throws IOException {
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            var _ = keys.signing("posta.example");
        }
        Path file = files().getFirst();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThatThrownBy(() -> keys.signing("posta.example")).isInstanceOf(Fault.Corrupt.class);
            assertThat(keys.signing("virgola.example").domain()).isEqualTo("virgola.example");
        }
        assertThat(files()).hasSize(2);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, Files.readString(file).replace("format 1", "format 2"));
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThatThrownBy(() -> keys.signing("posta.example")).isInstanceOf(Fault.Corrupt.class);
        }
    }

    @Test
    void theNewestOfSeveralSignsAndTheOlderAreKnown() throws IOException {
        DkimKey old;
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            old = keys.signing("posta.example");
        }
        Files.move(files().getFirst(), folder.resolve("dkim.posta.example.casella-20250101.key"));
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.signing("posta.example").selector()).isEqualTo("casella-20250101");
        }
        Files.copy(folder.resolve("dkim.posta.example.casella-20250101.key"),
                folder.resolve("dkim.posta.example.casella-20260101.key"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.signing("posta.example").selector()).isEqualTo("casella-20260101");
            assertThat(keys.of("posta.example")).extracting(DkimKey::selector)
                    .containsExactly("casella-20250101", "casella-20260101");
            assertThat(keys.key("posta.example", "casella-20250101")).isEqualTo(old.open());
        }
    }

    @Test
    void aFolderThatIsNotThereSignsNothing() {
        try (BrandKeys keys = BrandKeys.open(folder.resolve("gone"), Clock.system())) {
            assertThatThrownBy(() -> keys.signing("posta.example")).isInstanceOf(Fault.Corrupt.class);
        }
    }
}
