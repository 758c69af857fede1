package casella.jmap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimSigner;
import casella.base.ArrivalId;
import casella.store.Account;
import casella.store.NewEmail;
import casella.store.Outcome;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves which mails are said to be the brand's own and which to pretend it: by their bytes, and by nothing that a sender
/// could write.
final class EmailVoiceTest {
    private static final String ANNA = "anna@posta.example";
    private static final String OUTSIDE = trace("x@evil.test", "mx.evil.test ([192.0.2.7])", "ESMTPS");
    private static final String STAFF = trace("assistenza@posta.example", "mx.posta.example (authenticated submission)", "ESMTPSA");
    private static final String BRUNO = trace("bruno@posta.example", "mx.posta.example (authenticated submission)", "JMAP");

    private static final DkimKey KEY = key("s1");

    @TempDir
    private Path folder;

    private Running server;
    private Account anna;

    private static String trace(String sender, String from, String with) {
        return "Return-Path: <" + sender + ">\r\nReceived: from " + from + "\r\n\tby mx.posta.example with " + with
                + " id 5k-1\r\n\tfor <anna@posta.example>;\r\n\tSun, 22 Nov 2026 10:15:00 +0000\r\n";
    }

    @BeforeEach
    void open() {
        server = new Running(folder);
        anna = server.account(ANNA);
        var _ = server.account("bruno@posta.example");
        var _ = server.account("assistenza@posta.example");
        server.brandKeys.put("s1.posta.example", KEY.open());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static DkimKey key(String selector) {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(2_048);
            KeyPair pair = maker.generateKeyPair();
            return new DkimKey("posta.example", selector, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String mail(String from, String to) {
        return "From: " + from + "\r\nTo: " + to + "\r\nSubject: x\r\nDate: Sun, 22 Nov 2026 10:15:00 +0000\r\n\r\nCiao.\r\n";
    }

    private String signed(String mail, DkimKey by) {
        return new String(DkimSigner.sign(mail.getBytes(UTF_8), by, List.of("From", "To", "Subject", "Date"), Instant.EPOCH), UTF_8);
    }

    private @Nullable String voice(String stored) {
        byte[] bytes = stored.getBytes(UTF_8);
        if (!(anna.add(NewEmail.delivery(bytes, Instant.EPOCH, "x@evil.test", ANNA)) instanceof Outcome.Kept(var kept, _))) {
            throw new AssertionError("not kept");
        }
        return voice(kept.id());
    }

    private @Nullable String voice(ArrivalId id) {
        JsonNode got = get("\"ids\":[\"" + id + "\"],\"properties\":[\"voice\"]", true).path("list").get(0);
        assertThat(got.has("voice")).isTrue();
        return got.path("voice").isNull() ? null : got.path("voice").asString();
    }

    private JsonNode get(String arguments, boolean extension) {
        String using = "\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\""
                + (extension ? ",\"https://casella.example/jmap/service\"" : "");
        return server.api(ANNA, "{\"using\":[" + using + "],\"methodCalls\":[[\"Email/get\",{\"accountId\":\"" + anna.id()
                + "\"," + arguments + "},\"c\"]]}").path("methodResponses").get(0).get(1);
    }

    @Test
    void whatTheBrandSignedToThisOwnerIsGenuine() {
        String notice = signed(mail("Posta <notices@posta.example>", ANNA), KEY);

        assertThat(voice(notice)).isEqualTo("genuine");
        assertThat(voice(OUTSIDE + notice)).isEqualTo("genuine");
    }

    @Test
    void whatIsNotSignedByItPretends() {
        String notice = mail("Posta <notices@posta.example>", ANNA);
        assertThat(List.of(
                        notice,
                        signed(notice, KEY).replace("Ciao", "Addio"),
                        signed(notice, key("s1")),
                        signed(notice, key("s2")),
                        // The brand's own to another owner, sent on.
                        signed(mail("Posta <notices@posta.example>", "bruno@posta.example"), KEY),
                        "X-Casella-Voice: genuine\r\nAuthentication-Results: mx.posta.example; dkim=pass\r\n" + notice,
                        signed(mail("Posta <notices@posta.example>, x@evil.test", ANNA), KEY)))
                .allSatisfy(one -> assertThat(voice(OUTSIDE + one)).as(one).isEqualTo("pretended"));
    }

    @Test
    void namesAndDomainsThatClaimToBeTheBrandPretend() {
        for (String from : List.of("Posta <x@evil.test>", "Assistenza \"POSTA\" <x@evil.test>", "=?utf-8?q?P=C3=B2sta?= <x@evil.test>",
                "x@p0sta.example", "Anna <x@posta.example.evil.test>", "sicurezza@posta.example", "x@mail.posta.example",
                "Rossi <rossi@evil.test>, Posta <y@evil.test>")) {
            assertThat(voice(OUTSIDE + mail(from, ANNA))).as(from).isEqualTo("pretended");
        }
    }

    @Test
    void ordinaryMailClaimsNothing() {
        for (String from : List.of("Rossi <rossi@test.test>", "bruno@posta.example", "Bruno <bruno@posta.example>", "Poste <x@poste.test>",
                "Virgola <x@virgola.example>", ANNA, "Postale <x@postale.test>")) {
            assertThat(voice(OUTSIDE + mail(from, ANNA))).as(from).isNull();
        }
        assertThat(voice(OUTSIDE + "Subject: nobody\r\n\r\n")).isNull();
    }

    @Test
    void aNameThatClaimsTheBrandAtAnOwnersAddressIsJudgedByTheDoor() {
        // Staff that submitted it, and nobody else in its name.
        assertThat(voice(STAFF + mail("Assistenza Posta <assistenza@posta.example>", ANNA))).isNull();
        assertThat(voice(OUTSIDE + mail("Assistenza Posta <assistenza@posta.example>", ANNA))).isEqualTo("pretended");
        assertThat(voice(BRUNO + mail("Assistenza Posta <assistenza@posta.example>", ANNA))).isEqualTo("pretended");
        assertThat(voice(OUTSIDE + STAFF + mail("Assistenza Posta <assistenza@posta.example>", ANNA))).isEqualTo("pretended");
        // Another owner, whoever has the password now.
        assertThat(voice(BRUNO + mail("Assistenza Posta <bruno@posta.example>", ANNA))).isEqualTo("pretended");
        assertThat(voice(BRUNO + mail("Bruno <bruno@posta.example>", ANNA))).isNull();
        // Her own, as a draft or sent by her; not what comes from elsewhere in her name.
        assertThat(voice(mail("Posta di Anna <anna@posta.example>", "x@y.test"))).isNull();
        assertThat(voice(trace(ANNA, "mx.posta.example (authenticated submission)", "JMAP")
                + mail("Posta di Anna <anna@posta.example>", ANNA))).isNull();
        assertThat(voice(OUTSIDE + mail("Posta <anna@posta.example>", ANNA))).isEqualTo("pretended");
    }

    @Test
    void onlyWhoNamesTheExtensionIsToldAndFewAtOnce() {
        assertThat(get("\"ids\":[],\"properties\":[\"voice\"]", false).path("type").asString()).isEqualTo("invalidArguments");
        assertThat(get("\"ids\":[]", true).path("list").isArray()).isTrue();
        String many = IntStream.range(0, 101).mapToObj(i -> "\"01m81m50f06jcbsjdagbkky%03d\"".formatted(i))
                .collect(Collectors.joining(","));
        assertThat(get("\"ids\":[" + many + "],\"properties\":[\"voice\"]", true).path("type").asString())
                .isEqualTo("requestTooLarge");
    }
}
