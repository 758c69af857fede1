package casella.incident.complaint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Person;
import casella.incident.complaint.Complaint.Received;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that of any bytes that came as a mail either a complaint is made that can be kept, or none.
final class WrittenTest {
    private static Optional<Written> written(String mail) {
        return Written.of(mail.replace("\n", "\r\n").getBytes(UTF_8));
    }

    @Test
    void aMailSaysWhoWroteItAndWhat() {
        assertThat(written("""
                From: =?UTF-8?Q?Niccol=C3=B2?= <nicco@elsewhere.example>
                Subject: =?UTF-8?Q?Perch=C3=A9?= R-2026-000017
                Content-Type: text/html; charset=utf-8

                <p>Non <b>leggo</b> da tre giorni.</p><script>x()</script>
                """)).hasValueSatisfying(mail -> {
                    assertThat(mail.from()).isEqualTo("nicco@elsewhere.example");
                    assertThat(mail.name()).isEqualTo("Niccolò");
                    assertThat(mail.subject()).isEqualTo("Perché R-2026-000017");
                    assertThat(mail.text()).isEqualTo("Non leggo da tre giorni.");
                    assertThat(mail.mentioned()).hasValue(17);
                });
        assertThat(written("From: a@b.example\nSubject: Solo oggetto\n\n")).hasValueSatisfying(mail ->
                assertThat(mail.text()).isEqualTo("Solo oggetto"));
        assertThat(written("From: a@b.example\n\n")).hasValueSatisfying(mail ->
                assertThat(mail.text()).isEqualTo("-"));
    }

    @Test
    void whatAMachineWroteIsNone() {
        assertThat(written("From: a@b.example\nAuto-Submitted: auto-generated\n\nx")).isEmpty();
        assertThat(written("From: a@b.example\nAuto-Submitted: no\n\nx")).isPresent();
        assertThat(written("Return-Path: <>\nFrom: MAILER-DAEMON@b.example\n\nx")).isEmpty();
        assertThat(written("From: a@b.example\nList-Id: <l.example>\n\nx")).isEmpty();
        assertThat(written("From: undisclosed:;\n\nx")).isEmpty();
    }

    /// Whatever comes, the register takes what is made of it.
    @Test
    void noBytesMakeWhatCannotBeKept() {
        var random = new Random(7);
        String seed = "From: =?utf-8?B?w6g=?= <a@b.example>\r\nSubject: x R-1-1\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\u0000\u0007è";
        int made = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = seed.getBytes(random.nextBoolean() ? UTF_8 : ISO_8859_1);
            for (int k = random.nextInt(12); k > 0; k--) bytes[random.nextInt(bytes.length)] =
                    (byte) random.nextInt(256);
            Optional<Written> written = Written.of(bytes);
            if (written.isEmpty()) continue;
            Written mail = written.get();
            var received = new Received(Instant.EPOCH, Channel.MAIL, Category.OTHER, "posta", null,
                    new Person(mail.name(), mail.from()), mail.subject(), mail.text(), "it", "", "", "");
            assertThat(received.text()).isNotEmpty();
            made++;
        }
        assertThat(made).isGreaterThan(500);
    }
}
