package casella.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import casella.delivery.Envelope;
import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.message.envelope.Notify.On;
import casella.message.envelope.Ret;
import casella.testkit.Dialogue.Header;
import casella.wire.Network;
import casella.wire.Patience;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a sender asks for in MAIL and RCPT goes on with the message, and priority only from who may ask.
class AskedForTest {
    private static final SmtpConfig CONFIG =
            SmtpConfig.usual().withHostName("mx.posta.example").withAuthWithoutTls(true);

    private @Nullable SmtpStage held;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        var stage = new SmtpStage(folder);
        stage.prepare(new Header(List.of(), List.of(), ""));
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

    /// Sends a message by BDAT and returns the envelope it was handed over with.
    private Envelope sent(Client client, String mail, String... recipients) throws Exception {
        assertThat(client.say("MAIL FROM:<" + mail)).startsWith("250");
        for (String recipient : recipients) assertThat(client.say("RCPT TO:<" + recipient)).startsWith("250");
        assertThat(client.say("BDAT 5 LAST\r\na:b")).startsWith("250 2.0.0 Kept");
        return stage().delivered.getLast();
    }

    private Client client(String on, SmtpConfig config) throws Exception {
        var client = new Client(stage().open(on, config, Patience.usual(), new Room(1 << 20)));
        assertThat(client.reply()).startsWith("220");
        assertThat(client.say("EHLO a")).startsWith("250");
        return client;
    }

    @Test
    void whatIsToBeToldGoesOnWithEachRecipient() throws Exception {
        try (Client client = client("mx", CONFIG)) {
            Envelope envelope = sent(
                    client, "x@other.example> SMTPUTF8 BODY=8bitmime RET=Hdrs ENVID=a+20b SIZE=4",
                    "anna@posta.example> NOTIFY=delay,SUCCESS ORCPT=rfc822;Anna+2B1@posta.example",
                    "bruno@virgola.example> NOTIFY=NEVER ORCPT=UTF-8;\u00c3\u00a8@posta.example");

            assertThat(envelope.options())
                    .isEqualTo(new MailOptions(Body.EIGHT_BIT_MIME, true, Ret.HDRS, "a+20b", 0));
            assertThat(envelope.recipients()).extracting(r -> r.wants()).containsExactly(
                    new Notify(Set.of(On.DELAY, On.SUCCESS), false, "rfc822;Anna+2B1@posta.example"),
                    new Notify(Set.of(), true, "UTF-8;\\x{E8}@posta.example"));
        }
    }

    @Test
    void whatWasNotSaidIsUnsaid() throws Exception {
        try (Client client = client("mx", CONFIG)) {
            Envelope envelope = sent(client, "x@other.example> RET=FULL ENVID=1", "anna@posta.example> NOTIFY=FAILURE");
            assertThat(envelope.options().ret()).isEqualTo(Ret.FULL);
            // Nothing of the message before is left.
            envelope = sent(client, "x@other.example>", "anna@posta.example>");
            assertThat(envelope.options()).isEqualTo(MailOptions.NONE);
            assertThat(envelope.recipients().getFirst().wants()).isEqualTo(Notify.UNSAID);
            envelope = sent(client, "x@other.example> BODY=BINARYMIME", "anna@posta.example>");
            assertThat(envelope.options().body()).isEqualTo(Body.BINARY_MIME);
        }
    }

    @Test
    void onlyATrustedPeerSaysHowUrgentItIs() throws Exception {
        SmtpConfig trusting = CONFIG.withTrustedPeers(List.of(Network.parse("127.0.0.1").orElseThrow()));
        SmtpConfig others = CONFIG.withTrustedPeers(List.of(Network.parse("192.0.2.0/24").orElseThrow()));
        try (Client client = client("mx", trusting)) {
            assertThat(sent(client, "x@other.example> MT-PRIORITY=6", "anna@posta.example>").options().mtPriority())
                    .isEqualTo(6);
        }
        try (Client client = client("mx", others)) {
            assertThat(sent(client, "x@other.example> MT-PRIORITY=6", "anna@posta.example>").options().mtPriority())
                    .isZero();
            assertThat(sent(client, "x@other.example> MT-PRIORITY=-6", "anna@posta.example>").options().mtPriority())
                    .isZero();
        }
        try (Client client = client("submission", others)) {
            assertThat(client.say("AUTH PLAIN AGFubmFAcG9zdGEuZXhhbXBsZQBjYXNlbGxh")).startsWith("235");
            assertThat(sent(client, "anna@posta.example> MT-PRIORITY=6", "anna@posta.example>").options().mtPriority())
                    .isZero();
            assertThat(sent(client, "anna@posta.example> MT-PRIORITY=-6", "anna@posta.example>").options().mtPriority())
                    .isEqualTo(-6);
        }
    }
}
