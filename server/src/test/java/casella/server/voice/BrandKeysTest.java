package casella.server.voice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimSigner;
import casella.authenticity.DkimVerifier;
import casella.base.Clock;
import casella.base.Fault;
import casella.server.outgoing.OwnersSigning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
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
                folder.resolve("dkim.posta.example.casella-20260101.key"),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.signing("posta.example").selector()).isEqualTo("casella-20260101");
            assertThat(keys.of("posta.example")).extracting(DkimKey::selector)
                    .containsExactly("casella-20250101", "casella-20260101");
            assertThat(keys.key("posta.example", "casella-20250101")).isEqualTo(old.open());
        }
    }

    private static List<String> selectors(List<DkimKey> keys) {
        return keys.stream().map(DkimKey::selector).sorted().toList();
    }

    private static List<String> signed(BrandKeys keys) {
        byte[] fields = new OwnersSigning(keys, Clock.system()).fields("posta.example", MAIL);
        byte[] mail = Arrays.copyOf(fields, fields.length + MAIL.length);
        System.arraycopy(MAIL, 0, mail, fields.length, MAIL.length);
        return DkimVerifier.verify(mail, keys).stream().map(one -> ((DkimVerifier.Result.Valid) one)
                .selector()).sorted().toList();
    }

    @Test
    void newKeysSignWhenTheyAreActivatedAndTheOldOnesAreKnownForEver() throws IOException {
        List<String> first;
        List<String> second;
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            first = selectors(keys.both("posta.example"));
            second = selectors(keys.rotate("posta.example"));
            assertThat(selectors(keys.rotate("posta.example"))).isEqualTo(second);
            assertThat(second).hasSize(2).doesNotContainAnyElementsOf(first);
            assertThat(signed(keys)).isEqualTo(first);
            assertThat(first).contains(keys.signing("posta.example").selector());
            assertThat(keys.published("posta.example")).hasSize(4);
        }
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(signed(keys)).isEqualTo(first);
            keys.activate("posta.example");
            keys.activate("posta.example");
            assertThat(signed(keys)).isEqualTo(second);
            assertThat(second).contains(keys.signing("posta.example").selector());
            assertThat(keys.retire("posta.example", Instant.now().minusSeconds(60))).isEmpty();
            assertThat(keys.published("posta.example")).hasSize(4);
        }
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(signed(keys)).isEqualTo(second);
            assertThat(selectors(keys.retire("posta.example", Instant.now()))).isEqualTo(first);
            assertThat(keys.retire("posta.example", Instant.now())).isEmpty();
            assertThat(selectors(keys.published("posta.example"))).isEqualTo(second);
            assertThat(keys.key("posta.example", first.getFirst())).isNotNull();
            assertThat(selectors(keys.rotate("posta.example"))).doesNotContainAnyElementsOf(first)
                    .doesNotContainAnyElementsOf(second);
        }
        Path rotation = folder.resolve("dkim.posta.example.rotation");
        assertThat(Files.readString(rotation)).startsWith("Casella DKIM rotation, format 1\n")
                .contains("\nnext casella-", "\nretired casella-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rotation)))
                .isEqualTo("rw-------");
    }

    /// What a stop between the two files leaves: the names of keys that are not there.
    @Test
    void aRotationThatWasBrokenOffIsBegunAgain() throws IOException {
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            var _ = keys.both("posta.example");
            for (DkimKey key : keys.rotate("posta.example")) {
                Files.delete(folder.resolve("dkim.posta.example." + key.selector() + ".key"));
            }
        }
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.next("posta.example")).isEmpty();
            keys.activate("posta.example");
            assertThat(signed(keys)).hasSize(2);
            assertThat(keys.rotate("posta.example")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Casella DKIM rotation, format 2\n", "",
            "Casella DKIM rotation, format 1\nnew casella-1\n",
        "Casella DKIM rotation, format 1\nold casella-1 yesterday\n",
                "Casella DKIM rotation, format 1\nold casella-1\n",
        "Casella DKIM rotation, format 1\nnext casella-1"})
    void aRotationThatCannotBeReadSignsNothingAndIsNotReplaced(String text) throws IOException {
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            var _ = keys.signing("posta.example");
        }
        Path rotation = Files.writeString(folder.resolve("dkim.posta.example.rotation"), text);
        Files.setPosixFilePermissions(rotation, PosixFilePermissions.fromString("rw-------"));
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            assertThat(keys.signers("posta.example")).isEmpty();
            assertThatThrownBy(() -> keys.rotate("posta.example")).isInstanceOf(Fault.Corrupt.class);
        }
        assertThat(Files.readString(rotation)).isEqualTo(text);
    }

    @Test
    void aFolderThatIsNotThereSignsNothing() {
        try (BrandKeys keys = BrandKeys.open(folder.resolve("gone"), Clock.system())) {
            assertThatThrownBy(() -> keys.signing("posta.example")).isInstanceOf(Fault.Corrupt.class);
        }
    }

    @Test
    void whereThereAreAsManyAsThereMayBeNoneIsMadeAndAllIsAsBefore() throws IOException {
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system(), 3)) {
            List<String> first = selectors(keys.both("posta.example"));
            List<Path> before = files();
            assertThatThrownBy(() -> keys.rotate("posta.example")).isInstanceOf(Fault.Exhausted.class);
            assertThat(files()).isEqualTo(before);
            assertThat(signed(keys)).isEqualTo(first);
            assertThatThrownBy(() -> keys.both("virgola.example")).isInstanceOf(Fault.Exhausted.class);
            assertThat(files()).hasSize(3);
        }
    }

    @Test
    void moreThanThereMayBeAreNoReasonNotToStart() {
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            var _ = keys.signing("posta.example");
            var _ = keys.signing("virgola.example");
        }
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system(), 1)) {
            assertThat(Stream.of("posta.example", "virgola.example").filter(one -> !keys.signers(one)
                    .isEmpty()))
                    .hasSize(1);
        }
    }

    /// A file of one kind was lost, or never written.
    @Test
    void aKeyIsOldOnlyWhereTheNextIsOfItsKind() throws IOException {
        List<String> first;
        String lost;
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            first = selectors(keys.both("posta.example"));
            lost = keys.rotate("posta.example").stream().filter(BrandKeys::isEd25519).findFirst()
                    .orElseThrow()
                    .selector();
        }
        Files.delete(folder.resolve("dkim.posta.example." + lost + ".key"));
        try (BrandKeys keys = BrandKeys.open(folder, Clock.system())) {
            String next = keys.next("posta.example").getFirst().selector();
            keys.activate("posta.example");
            assertThat(signed(keys)).hasSize(2).contains(next)
                    .contains(first.stream().filter(one -> one.endsWith("-ed25519")).findFirst()
                            .orElseThrow());
        }
    }
}
