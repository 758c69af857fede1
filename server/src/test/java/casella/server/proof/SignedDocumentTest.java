package casella.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.server.control.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Proves that a signed document is believed as it was signed and in no other way, and that the key is kept.
final class SignedDocumentTest {
    private static final String TYPE = "casella-proof+json";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static ObjectNode payload() {
        return Json.object().put("account", "1").put("emails", 7).put("note", "è vero");
    }

    @Test
    void theKeyIsMadeOnceAndIsItsOwnersAlone() throws Exception {
        InstanceKey made = InstanceKey.open(folder);
        InstanceKey again = InstanceKey.open(folder);

        assertThat(again.published()).isEqualTo(made.published());
        assertThat(PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("instance.key"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("instance.key")))
                .startsWith("Casella instance key, format 1\n");
        assertThat(folder.resolve("instance.pub")).content().doesNotContain("PRIVATE");
        assertThat(InstanceKey.Public.parse(Files.readString(folder.resolve("instance.pub"))))
                .isEqualTo(made.published());
        assertThat(made.published().raw()).hasSize(32);
        assertThat(made.toString()).isEqualTo("InstanceKey " + made.published().id());
    }

    @Test
    void aKeyThatCannotBeUsedIsNeverReplaced() throws Exception {
        var _ = InstanceKey.open(folder);
        Path file = folder.resolve("instance.key");
        String good = Files.readString(file);
        for (String bad : new String[] {
            "", good.substring(0, good.length() / 2), good.replace("format 1", "format 2"), "x".repeat(5_000)
        }) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> InstanceKey.open(folder)).isInstanceOf(Fault.Corrupt.class);
            assertThat(file).hasContent(bad);
        }
        Files.writeString(file, good.replace("format 1", "format 2"));
        assertThatThrownBy(() -> InstanceKey.open(folder)).hasMessageContaining("newer version");
        Files.writeString(file, good);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> InstanceKey.open(folder)).hasMessageContaining("read by others");
    }

    @Test
    void aDocumentIsBelievedAsItWasSigned() throws Exception {
        InstanceKey key = InstanceKey.open(folder);

        SignedDocument read =
                SignedDocument.check(SignedDocument.sign(key, TYPE, payload()).toPrettyString(),
                key.published());

        assertThat(read).isEqualTo(new SignedDocument(TYPE, key.published().id(), payload()));
    }

    @Test
    void noChangedCharacterIsBelieved() throws Exception {
        InstanceKey key = InstanceKey.open(folder);
        String text = SignedDocument.sign(key, TYPE, payload()).toString();
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int at = random.nextInt(text.length());
            String changed = text.substring(0, at) + (char) (33 + random.nextInt(94))
                    + text.substring(at + 1);
            if (changed.equals(text)) continue;
            try {
                // The last digit of a base 64 text has bits that mean nothing; what is said stays the same.
                SignedDocument read = SignedDocument.check(changed, key.published());
                assertThat(read.payload()).as("%s, seed %d", changed, seed).isEqualTo(payload());
            } catch (Fault.Corrupt e) {
                // Not believed.
            }
        }
    }

    @Test
    void anotherKeyOrAnotherWayIsNotBelieved(@TempDir Path other) throws Exception {
        InstanceKey key = InstanceKey.open(folder);
        InstanceKey stranger = InstanceKey.open(other);
        ObjectNode document = SignedDocument.sign(stranger, TYPE, payload());
        assertThatThrownBy(() -> SignedDocument.check(document.toString(), key.published()))
                .isInstanceOf(Fault.Corrupt.class)
                .hasMessage("Document is signed with another key");

        for (String header : new String[] {
            "{\"alg\":\"none\",\"typ\":\"t\",\"kid\":\"" + key.published().id() + "\"}",
            "{\"alg\":\"HS256\",\"typ\":\"t\",\"kid\":\"" + key.published().id() + "\"}",
            "{\"alg\":\"EdDSA\",\"typ\":\"t\",\"kid\":\"" + key.published().id() + "\",\"crit\":[\"b64\"]}",
            "{\"alg\":\"EdDSA\",\"typ\":\"t\",\"kid\":\"" + key.published().id() + "\"}",
            "[]", "{}", "no json"
        }) {
            String head = Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(header.getBytes(StandardCharsets.UTF_8));
            ObjectNode forged = document.deepCopy().put("protected", head);
            assertThatThrownBy(() -> SignedDocument.check(forged.toString(), key.published()))
                    .as(header)
                    .isInstanceOf(Fault.Corrupt.class);
        }
        for (String text : new String[] {"", "null", "{}", "[1",
                "{\"payload\":1,\"protected\":2,\"signature\":3}"}) {
            assertThatThrownBy(() -> SignedDocument.check(text, key.published()))
                    .isInstanceOf(Fault.Corrupt.class);
        }
    }
}
