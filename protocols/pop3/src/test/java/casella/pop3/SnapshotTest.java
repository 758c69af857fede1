package casella.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Uid;
import casella.store.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that unique ids stay what they are, also where one email stands in INBOX twice. RFC 1939 §7.
class SnapshotTest {
    private static final byte[] MAIL = "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void aSecondPlaceOfOneEmailHasANumberOfItsOwn() throws Exception {
        try (Pop3Server server = Pop3Server.start()) {
            server.deliver("INBOX", MAIL);
            server.deliver("INBOX", MAIL);
            Mailbox inbox = server.mailbox("INBOX");
            server.anna.copy(inbox.id(), List.of(Uid.of(1), Uid.of(2)), inbox.id());
            server.anna.copy(inbox.id(), List.of(Uid.of(1)), inbox.id());

            Snapshot snapshot = Snapshot.of(server.anna);

            String first = snapshot.uniqueId(1);
            String second = snapshot.uniqueId(2);
            assertThat(first).isNotEqualTo(second).hasSize(26);
            assertThat(snapshot.uniqueId(3)).isEqualTo(first + ".2");
            assertThat(snapshot.uniqueId(4)).isEqualTo(second + ".2");
            assertThat(snapshot.uniqueId(5)).isEqualTo(first + ".3");
        }
    }

    @Test
    void aMessageThatLeavesAndComesBackKeepsItsId() throws Exception {
        try (Pop3Server server = Pop3Server.start()) {
            server.deliver("INBOX", MAIL);
            String before = Snapshot.of(server.anna).uniqueId(1);
            Mailbox inbox = server.mailbox("INBOX");
            Mailbox trash = server.mailbox("Trash");
            server.anna.move(inbox.id(), List.of(Uid.of(1)), trash.id());
            server.anna.move(trash.id(), List.of(Uid.of(1)), inbox.id());

            assertThat(Snapshot.of(server.anna).uniqueId(1)).isEqualTo(before);
        }
    }

    @Test
    void aSnapshotOfManyPagesIsWhole() throws Exception {
        try (Pop3Server server = Pop3Server.start()) {
            for (int i = 0; i < 501; i++) server.deliver("INBOX", MAIL);

            Snapshot snapshot = Snapshot.of(server.anna);

            assertThat(snapshot.count()).isEqualTo(501);
            assertThat(snapshot.bytesLeft()).isEqualTo(501L * MAIL.length);
            assertThat(snapshot.uniqueId(501)).isNotEqualTo(snapshot.uniqueId(500));
        }
    }
}
