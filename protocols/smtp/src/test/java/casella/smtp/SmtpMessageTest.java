package casella.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.wire.Patience;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// A message answered 250 is in the account byte for byte, and nothing of it is anywhere else.
class SmtpMessageTest {
    private @Nullable SmtpStage held;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        var stage = new SmtpStage(folder);
        stage.prepare(new casella.testkit.Dialogue.Header(List.of(), List.of(), ""));
        held = stage;
    }

    @AfterEach
    void close() throws Exception {
        stage().end();
    }

    private SmtpStage stage() {
        if (held == null) throw new IllegalStateException("not opened");
        return held;
    }

    private int port(String on, Room room) throws IOException {
        return stage().open(on, SmtpConfig.usual().withHostName("mx.posta.example").withAuthWithoutTls(true), Patience.usual(), room);
    }

    /// Returns the stored mail after the trace fields.
    private static byte[] sent(byte[] stored) {
        String text = new String(stored, ISO_8859_1);
        int end = text.indexOf("+0000\r\n") + 7;
        return Arrays.copyOfRange(stored, end, stored.length);
    }

    @Test
    void everyByteArrivesAsItWasSent() throws Exception {
        var all = new ByteArrayOutputStream();
        all.writeBytes("Subject: \u00e9\r\n\r\n".getBytes(ISO_8859_1));
        for (int i = 0; i < 256; i++) if (i != '\r' && i != '\n') all.write(i);
        all.writeBytes("\r\n.\r\n..\r\n.a\r\n\r\nno line end but one\r\n".getBytes(ISO_8859_1));
        byte[] long1 = new byte[20 << 20];
        Arrays.fill(long1, (byte) 'x');
        var random = new Random(7);
        var noise = new ByteArrayOutputStream();
        for (int i = 0; i < 300_000; i++) {
            int b = random.nextInt(256);
            if (b == '\r' || b == '\n') noise.writeBytes("\r\n".getBytes(ISO_8859_1));
            else noise.write(b);
        }
        noise.writeBytes("\r\n".getBytes(ISO_8859_1));
        var longLine = new ByteArrayOutputStream();
        longLine.writeBytes(long1);
        longLine.writeBytes("\r\n".getBytes(ISO_8859_1));
        List<byte[]> contents = List.of(all.toByteArray(), noise.toByteArray(), longLine.toByteArray(), new byte[0]);
        int port = port("mx", new Room(256L << 20));

        for (byte[] content : contents) {
            try (Client client = Client.to(port, "anna@posta.example")) {
                assertThat(client.message(content)).startsWith("250 2.0.0 Kept as ");
            }
        }

        List<byte[]> mails = stage().mails("anna@posta.example");
        assertThat(mails).hasSize(contents.size());
        for (int i = 0; i < contents.size(); i++) assertThat(sent(mails.get(i))).isEqualTo(contents.get(i));
    }

    @Test
    void theTraceSaysHowItCame() throws Exception {
        try (Client client = Client.to(port("mx", new Room(1 << 20)), "anna@posta.example")) {
            client.message("hello\r\n".getBytes(ISO_8859_1));
        }
        assertThat(new String(stage().mails("anna@posta.example").getFirst(), ISO_8859_1))
                .startsWith("Return-Path: <x@other.example>\r\n"
                        + "Received: from a ([127.0.0.1])\r\n\tby mx.posta.example with ESMTP id ")
                .contains("\r\n\tfor <anna@posta.example>;\r\n");
    }

    /// Returns a client of submission that is logged in.
    private static Client owner(int port) throws IOException {
        var client = new Client(port);
        assertThat(client.reply()).startsWith("220");
        assertThat(client.say("EHLO a")).startsWith("250");
        assertThat(client.say("AUTH PLAIN AGFubmFAcG9zdGEuZXhhbXBsZQBjYXNlbGxh")).startsWith("235");
        return client;
    }

    private String submitted(int port, String content) throws Exception {
        try (Client client = owner(port)) {
            assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("250");
            assertThat(client.say("RCPT TO:<bruno@virgola.example>")).startsWith("250");
            assertThat(client.message(content.getBytes(ISO_8859_1))).startsWith("250");
        }
        return new String(sent(stage().mails("bruno@virgola.example").getLast()), ISO_8859_1);
    }

    @Test
    void aSubmittedMessageGetsTheDateAndIdItLacks() throws Exception {
        int port = port("submission", new Room(1 << 20));
        String date = "Date: [A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000\r\n";
        String id = "Message-ID: <[0-9a-f-]{36}@posta.example>\r\n";

        assertThat(submitted(port, "Subject: a\r\n\r\nDate: in the body\r\n"))
                .matches("(?s)" + date + id + "Subject: a\r\n\r\nDate: in the body\r\n");
        assertThat(submitted(port, "DATE : x\r\nSubject: a\r\n\r\nx\r\n"))
                .matches("(?s)" + id + "DATE : x.*");
        assertThat(submitted(port, "Dates: x\r\nmessage-id: <a@b>\r\n\r\nx\r\n"))
                .matches("(?s)" + date + "Dates: x.*");
        String whole = "Subject: a\r\nMessage-Id: <a@b>\r\nDate: x\r\n\r\nx\r\n";
        assertThat(submitted(port, whole)).isEqualTo(whole);
    }

    @Test
    void aPasswordThatWasChangedEndsTheSession() throws Exception {
        try (Client client = owner(port("submission", new Room(1 << 20)))) {
            assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("250");
            stage().changePassword("anna@posta.example", "another");

            assertThat(client.say("RCPT TO:<bruno@virgola.example>"))
                    .isEqualTo("421 4.7.0 mx.posta.example Log in again");
            assertThat(client.reply()).isEqualTo("<closed>");
        }
    }

    @Test
    void aMessageThatBreaksOffIsNoMessage() throws Exception {
        var room = new Room(16 << 20);
        int port = port("mx", room);
        try (Client client = Client.to(port, "anna@posta.example")) {
            assertThat(client.say("DATA")).startsWith("354");
            client.send("x".repeat(500_000).getBytes(ISO_8859_1));
            for (long end = System.nanoTime() + 20_000_000_000L; room.taken() < 500_000; Thread.onSpinWait()) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
        for (long end = System.nanoTime() + 20_000_000_000L; room.taken() > 0; Thread.onSpinWait()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
        assertThat(stage().mails("anna@posta.example")).isEmpty();
    }

    @Test
    void manyLargeMessagesAtOnceStayWithinTheirRoom() throws Exception {
        var room = new Room(24 << 20);
        int port = port("mx", room);
        byte[] content = ("x".repeat(70) + "\r\n").repeat(30_000).getBytes(ISO_8859_1);
        var kept = new AtomicInteger();
        var later = new AtomicInteger();
        var others = new ArrayList<String>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 32; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (Client client = Client.to(port, "anna@posta.example")) {
                    String reply = client.message(content);
                    if (reply.startsWith("250")) kept.incrementAndGet();
                    else if (reply.startsWith("452 4.3.1")) later.incrementAndGet();
                    else synchronized (others) { others.add(reply); }
                } catch (IOException | AssertionError e) {
                    synchronized (others) { others.add(e.toString()); }
                }
            }));
        }
        for (Thread thread : threads) thread.join();

        assertThat(others).isEmpty();
        assertThat(kept.get()).isPositive();
        assertThat(kept.get() + later.get()).isEqualTo(32);
        assertThat(stage().mails("anna@posta.example")).hasSize(kept.get());
        assertThat(room.taken()).isZero();
    }

    @Test
    void aLoopIsEnded() throws Exception {
        try (Client client = Client.to(port("mx", new Room(1 << 20)), "anna@posta.example")) {
            byte[] content = ("Received: by a\r\n".repeat(101) + "\r\n").getBytes(ISO_8859_1);
            assertThat(client.message(content)).isEqualTo("554 5.4.6 The message has gone in circles");
        }
    }

    private void told(String... lines) {
        for (long end = System.nanoTime() + 20_000_000_000L; stage()
                .notTaken.size() < lines.length; Thread.onSpinWait()) {
            assertThat(System.nanoTime()).as("told so far: %s", stage().notTaken).isLessThan(end);
        }
        assertThat(stage().notTaken).containsExactly(lines);
    }

    @Test
    void whoIsRefusedAsARecipientIsTold() throws Exception {
        try (Client client = Client.to(port("mx", new Room(1 << 20)), "anna@posta.example")) {
            assertThat(client.say("RCPT TO:<gone@posta.example>")).startsWith("550 5.2.1");
            // Nobody's mailbox, and nobody's domain here: no owner could be told.
            assertThat(client.say("RCPT TO:<nobody@posta.example>")).startsWith("550 5.1.1");
            assertThat(client.say("RCPT TO:<x@elsewhere.example>")).startsWith("550 5.7.1");
            assertThat(client.message("Subject: a\r\n\r\nx\r\n".getBytes(ISO_8859_1))).startsWith("250");
        }
        told("x@other.example to gone@posta.example from 127.0.0.1: 550 This recipient takes no mail now ");
    }

    @Test
    void whoseMessageIsRefusedIsToldForEachRecipientWithItsId() throws Exception {
        try (Client client = Client.to(port("mx", new Room(16 << 20)), "anna@posta.example", "bruno@virgola.example")) {
            byte[] content = "Subject: a\r\nmessage-ID:\r\n <one@\r\n other.example>\r\n\r\nMessage-ID: <no@x>\nx\r\n"
                    .getBytes(ISO_8859_1);
            assertThat(client.message(content)).startsWith("554 5.6.0");
        }
        String end = " from 127.0.0.1: 554 A bare CR or LF is in the message; lines must end with CRLF one@other.example";
        told("x@other.example to anna@posta.example" + end, "x@other.example to bruno@virgola.example" + end);
    }

    @Test
    void whoIsCutOffOnTheWayIsTold() throws Exception {
        int port = port("mx", new Room(16 << 20));
        try (Client client = Client.to(port, "anna@posta.example")) {
            assertThat(client.say("DATA")).startsWith("354");
            client.send("Subject: a\r\n".getBytes(ISO_8859_1));
        }
        told("x@other.example to anna@posta.example from 127.0.0.1: 0 The connection broke off ");
        try (Client client = Client.to(port, "bruno@virgola.example")) {
            stage().closeDoors();
            assertThat(client.reply()).startsWith("421 4.3.2");
        }
        assertThat(stage().notTaken).hasSize(2).last().asString()
                .isEqualTo("x@other.example to bruno@virgola.example from 127.0.0.1: 421 The server stopped ");
    }

    @Test
    void whoMakesTooManyMistakesIsToldForWhatWasUnderWay() throws Exception {
        try (Client client = Client.to(port("mx", new Room(16 << 20)), "anna@posta.example")) {
            for (String reply = ""; !reply.startsWith("421"); ) reply = client.say("NONSENSE");
        }
        told("x@other.example to anna@posta.example from 127.0.0.1: 421 Too many mistakes ");
    }

    @Test
    void theMachineOfOurOwnUserIsNotNamedWhereMailIsNotTaken() throws Exception {
        try (Client client = owner(port("submission", new Room(16 << 20)))) {
            assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("250");
            assertThat(client.say("RCPT TO:<gone@posta.example>")).startsWith("550");
        }
        told("anna@posta.example to gone@posta.example from : 550 This recipient takes no mail now ");
    }

    @Test
    void aSilentClientIsToldAndLeft() throws Exception {
        var quick = new Patience(
                Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5), 4096);
        int port = stage().open("mx", SmtpConfig.usual(), quick, new Room(1 << 20));
        try (var client = new Client(port)) {
            assertThat(client.reply()).startsWith("220");
            client.send("NOO".getBytes(ISO_8859_1));
            assertThat(client.reply()).isEqualTo("421 4.4.2 localhost Waited too long");
            assertThat(client.reply()).isEqualTo("<closed>");
        }
    }

    @Test
    void aMistakeOfOursIsAnsweredToo() throws Exception {
        stage().clock(new Clock() {
            @Override
            public Instant now() {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        });
        try (Client client = Client.to(port("mx", new Room(1 << 20)), "anna@posta.example")) {
            assertThat(client.message("hello\r\n".getBytes(ISO_8859_1))).startsWith("421 4.3.0 mx.posta.example ");
            assertThat(client.reply()).isEqualTo("<closed>");
        }
        assertThat(stage().mails("anna@posta.example")).isEmpty();
    }

    @Test
    void aStoppingServerSaysSo() throws Exception {
        try (var client = new Client(port("mx", new Room(1 << 20)))) {
            assertThat(client.reply()).startsWith("220");
            stage().closeDoors();
            assertThat(client.reply()).isEqualTo("421 4.3.2 mx.posta.example Stopping, come back soon");
        }
    }

    @Test
    void noPasswordAndNoContentIsLogged() throws Exception {
        var lines = new ArrayList<String>();
        Logger logger = Logger.getLogger("casella");
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                synchronized (lines) {
                    lines.add(line.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        try (var client = new Client(port("submission", new Room(1 << 20)))) {
            client.reply();
            client.say("EHLO a");
            // anna@posta.example with a wrong password, then the right one
            client.say("AUTH PLAIN " + base64("\0anna@posta.example\0Gehe1m-5tark"));
            assertThat(client.say("AUTH PLAIN " + base64("\0anna@posta.example\0casella"))).startsWith("235");
            client.say("MAIL FROM:<anna@posta.example>");
            client.say("RCPT TO:<bruno@virgola.example>");
            assertThat(client.message("Subject: Orchidee\r\n\r\nOrchidee\r\n".getBytes(ISO_8859_1))).startsWith("250");
        } finally {
            logger.setLevel(null);
            logger.removeHandler(handler);
        }
        String log;
        synchronized (lines) {
            log = String.join("\n", lines);
        }
        assertThat(log).contains("cmd=auth", "cmd=data", "delivery.done", "outcome=denied", "outcome=granted");
        assertThat(log).doesNotContain("Gehe1m-5tark", "Orchidee", "anna@", "bruno@", base64("\0anna@posta.example\0casella"));
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(ISO_8859_1));
    }
}
