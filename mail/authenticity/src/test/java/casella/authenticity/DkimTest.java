package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.authenticity.DkimVerifier.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is signed here is valid here and for a verifier that is not ours, and that nothing of it can be changed or
/// added to.
final class DkimTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
    private static final List<String> NAMES =
            List.of("From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Reply-To", "Cc");
    private static final DkimKey RSA = key("RSA", 2_048);
    private static final DkimKey EDWARDS = key("Ed25519", 255);

    private static final String MAIL = """
            From: Posta <notices@posta.example>
            To: anna@posta.example
            Subject: =?utf-8?q?La_casella_=C3=A8_di_nuovo_aperta?=
            Date: Mon, 23 Nov 2026 10:00:00 +0000
            Message-ID: <1@posta.example>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Ciao Anna,

            tutto =C3=A8 a posto.\s\s

            """.replace("\n", "\r\n");

    private static DkimKey key(String algorithm, int size) {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance(algorithm);
            maker.initialize(size);
            KeyPair pair = maker.generateKeyPair();
            return new DkimKey("posta.example", "casella-20261123", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Result> verify(byte[] mail, DkimKey key) {
        return DkimVerifier.verify(mail, (domain, selector) ->
                domain.equals(key.domain()) && selector.equals(key.selector()) ? key.open() : null);
    }

    private static boolean valid(String mail) {
        return verify(mail.getBytes(UTF_8), RSA).stream().anyMatch(one -> one instanceof Result.Valid);
    }

    private static String signed() {
        return new String(DkimSigner.sign(MAIL.getBytes(UTF_8), RSA, NAMES, AT), UTF_8);
    }

    @Test
    void whatIsSignedIsValidByEitherKind() {
        for (DkimKey key : List.of(RSA, EDWARDS)) {
            byte[] mail = DkimSigner.sign(MAIL.getBytes(UTF_8), key, NAMES, AT);

            assertThat(verify(mail, key))
                    .containsExactly(new Result.Valid("posta.example", "casella-20261123"));
            assertThat(verify(mail, key == RSA ? EDWARDS : RSA))
                    .noneMatch(one -> one instanceof Result.Valid);
        }
        assertThat(signed().lines()).allMatch(line -> line.length() <= 78);
    }

    @Test
    void traceFieldsBeforeItDoNotMatter() {
        assertThat(valid("Return-Path: <>\r\nReceived: from a\r\n\tby b; today\r\n" + signed())).isTrue();
    }

    @Test
    void nothingCanBeAddedOrTakenAway() {
        String mail = signed();
        int body = mail.indexOf("\r\n\r\n") + 4;
        List<String> others = List.of(
                "From: Another <x@y.example>\r\n" + mail,
                mail.substring(0, body - 2) + "From: Another <x@y.example>\r\n\r\n" + mail.substring(body),
                mail.substring(0, body - 2) + "Reply-To: x@y.example\r\n\r\n" + mail.substring(body),
                mail.substring(0, body - 2) + "Subject: Other\r\n\r\n" + mail.substring(body),
                mail.replace("Message-ID: <1@posta.example>\r\n", ""),
                mail.replace("text/plain", "text/html"),
                mail + "more\r\n",
                mail.replace("Ciao", "Ciaoo"),
                mail.replace("d=posta.example;", "d=pos.example;"),
                mail.replace("h=From:", "h="),
                mail.replace("\r\n bh=", "\r\n l=3; bh="));
        for (String other : others) {
            assertThat(other).isNotEqualTo(mail);
            assertThat(valid(other)).as(other).isFalse();
        }
        assertThat(valid(mail)).isTrue();
    }

    @Test
    void aHeaderThatCanBeReadInTwoWaysIsNoHeader() {
        String mail = signed();
        List<String> others = List.of(
                mail.replace("To: anna", "no field here\r\nTo: anna"),
                mail.replace("To: anna", "no field here\r\nnor here\r\nTo: anna"),
                mail.replace("Subject: ", "Subject: a\nSubject: "),
                mail.replace("Subject: ", "Subject: a\rSubject: "),
                "From x Mon Nov 23\r\n" + mail,
                mail.replace("\r\n\r\n", "\r\n"),
                mail.replace("\r\n", "\n"));
        for (String other : others) assertThat(verify(other.getBytes(UTF_8), RSA)).as(other).isEmpty();
    }

    @Test
    void aMailWithoutFromIsNotSigned() {
        assertThatThrownBy(() -> DkimSigner.sign(MAIL.getBytes(UTF_8), RSA, List.of("To"), AT))
                .hasMessageContaining("From");
        assertThatThrownBy(() -> DkimSigner.sign("no header".getBytes(UTF_8), RSA, NAMES, AT))
                .hasMessageContaining("well-formed");
    }

    /// dkimpy, Debian's `python3-dkim`: another program, another language.
    @Test
    @EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
    void anotherVerifierFindsItValid(@TempDir Path folder) throws IOException, InterruptedException {
        for (DkimKey key : List.of(RSA, EDWARDS)) {
            byte[] mail = DkimSigner.sign(MAIL.getBytes(UTF_8), key, NAMES, AT);

            assertThat(dkimpy(folder, key, mail)).isEqualTo("True");
            assertThat(dkimpy(folder, key, new String(mail, UTF_8).replace("Ciao", "Ciaoo").getBytes(UTF_8)))
                    .isEqualTo("False");
        }
    }

    private static String dkimpy(Path folder, DkimKey key, byte[] mail) throws IOException,
            InterruptedException {
        Path file = Files.write(folder.resolve("mail.eml"), mail);
        Process python = new ProcessBuilder("/usr/bin/python3", "-c", """
                import dkim, sys
                mail, name, text = open(sys.argv[1], 'rb').read(), sys.argv[2].encode(), sys.argv[3].encode()
                print(dkim.verify(mail, dnsfunc=lambda asked,
                        timeout=5: text if asked.rstrip(b'.') == name else None))
                """, file.toString(), key.dnsName(), key.dnsText()).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
