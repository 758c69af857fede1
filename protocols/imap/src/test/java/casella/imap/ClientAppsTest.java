package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Proves that the program an owner uses is told when both it and the owner are known, whichever comes first, and of nobody else.
final class ClientAppsTest {
    @Test
    void aProgramIsToldOnceItsOwnerIsKnown() throws Exception {
        try (var server = ImapServer.start(); var before = new TestClient(server.port());
                var after = new TestClient(server.port()); var wrong = new TestClient(server.port())) {
            wrong.ok("ID (\"name\" \"Guesser\")");
            assertThat(wrong.send("LOGIN anna@posta.example wrong").getLast()).contains("NO");
            before.ok("ID (\"name\" \"Thunderbird\")");
            assertThat(server.used).isEmpty();
            before.ok("LOGIN anna@posta.example casella");
            after.ok("LOGIN anna@posta.example casella");
            after.ok("ID (\"vendor\" \"K-9\" \"name\" \"K-9 Mail\")");
            assertThat(server.used).containsExactlyInAnyOrder(
                    server.anna.id() + " IMAP Thunderbird", server.anna.id() + " IMAP K-9 Mail");
        }
    }
}
