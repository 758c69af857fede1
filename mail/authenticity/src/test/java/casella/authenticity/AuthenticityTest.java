package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Proves what is said of a mail from all of it: who sends, who signed, what From wants; and that whatever the mail is, something is.
class AuthenticityTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("casella.root", "../..")).resolve("../shared/data/dkim/dkimpy-tests");
    private static final String RSA = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
            + "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5Qj"
            + "vHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
    private static final List<String> NAMES = List.of("From", "To", "Subject");
    private static final DkimKey KEY = key("sender.test");
    private static final DkimKey OTHER = key("elsewhere.test");
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Bulkhead CPU = new Bulkhead("test.cpu", 2, 64);
    private static final PublicSuffixes SUFFIXES = PublicSuffixes.of("test\nco.test\n*.wild.test\n!own.wild.test");
    private static final String MAIL =
            "From: Anna <anna@news.sender.test>\r\nTo: b@here.test\r\nSubject: x\r\n\r\nHello there.\r\n";

    private static final Clock CLOCK = new Clock() {
        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };

    private KnownNames dns = new KnownNames();

    @AfterAll
    static void close() {
        CPU.close();
    }

    @BeforeEach
    void names() throws IOException {
        dns = new KnownNames().txt(KEY.dnsName(), KEY.dnsText()).txt(OTHER.dnsName(), OTHER.dnsText())
                .txt("sender.test", "v=spf1 ip4:192.0.2.1 -all").txt("elsewhere.test", "v=spf1 ip4:192.0.2.0/24 -all")
                .with("1.2.0.192.in-addr.arpa", Kind.PTR, "mx.sender.test")
                .with("mx.sender.test", Kind.A, InetAddress.getByName("192.0.2.1"));
    }

    private static DkimKey key(String domain) {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(1_024);
            KeyPair pair = maker.generateKeyPair();
            return new DkimKey(domain, "one", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Findings check(String address, String mailFrom, String mail) {
        try {
            return new Authenticity(dns, SUFFIXES, CPU, CLOCK, "mx.here.test").check(
                    InetAddress.getByName(address), "helo.sender.test", mailFrom, mail.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(String mail, DkimKey key) {
        return new String(DkimSigner.sign(mail.getBytes(UTF_8), key, NAMES, NOW), UTF_8);
    }

    @Test
    void aMailThatIsWhatItSaysPasses() {
        dns.txt("_dmarc.sender.test", "v=DMARC1; p=reject");
        Findings found = check("192.0.2.1", "bounce@sender.test", signed(MAIL, KEY));

        assertThat(found.spf().result()).isEqualTo(Spf.Result.PASS);
        assertThat(found.signatures()).hasSize(1).allMatch(Dkim.Result::passed);
        assertThat(found.dmarc()).isEqualTo(new Dmarc.Outcome(
                Dmarc.Verdict.PASS, "news.sender.test", Dmarc.Policy.REJECT, Dmarc.Policy.NONE, true));
        assertThat(found.iprev()).isEqualTo(new Iprev(Iprev.Verdict.PASS, "mx.sender.test"));
        assertThat(found.field("mx.here.test").replaceAll("header.b=[^;]+", "header.b=…")).isEqualTo("""
                Authentication-Results: mx.here.test;
                \tspf=pass smtp.mailfrom=bounce@sender.test;
                \tdkim=pass header.d=sender.test header.s=one header.b=…;
                \tdmarc=pass (p=reject dis=none) header.from=news.sender.test;
                \tiprev=pass policy.iprev=192.0.2.1
                """.replace("\n", "\r\n"));
    }

    @Test
    void othersProofIsNoProofForFrom() {
        dns.txt("_dmarc.sender.test", "v=DMARC1; p=quarantine; sp=reject");
        Findings found = check("192.0.2.9", "x@elsewhere.test", signed(MAIL, OTHER));

        assertThat(found.spf().result()).isEqualTo(Spf.Result.PASS);
        assertThat(found.signatures()).allMatch(Dkim.Result::passed);
        assertThat(found.aligned()).isFalse();
        assertThat(found.dmarc().verdict()).isEqualTo(Dmarc.Verdict.FAIL);
        assertThat(found.dmarc().disposition()).isEqualTo(Dmarc.Policy.REJECT);
    }

    @Test
    void alignmentIsAsStrictAsTheDomainWants() {
        dns.txt("_dmarc.sender.test", "v=DMARC1; p=reject; adkim=s; aspf=s");
        assertThat(check("192.0.2.1", "a@sender.test", signed(MAIL, KEY)).dmarc().verdict())
                .isEqualTo(Dmarc.Verdict.FAIL);
        String exact = signed(MAIL.replace("news.", ""), KEY);
        assertThat(check("192.0.2.1", "a@elsewhere.test", exact).dmarc().verdict()).isEqualTo(Dmarc.Verdict.PASS);
        // co.test is a suffix: who has a domain below it is not its neighbour.
        dns.txt("_dmarc.a.co.test", "v=DMARC1; p=reject").txt("b.co.test", "v=spf1 +all");
        String below = MAIL.replace("news.sender.test", "a.co.test");
        assertThat(check("192.0.2.1", "x@b.co.test", below).dmarc().verdict()).isEqualTo(Dmarc.Verdict.FAIL);
        assertThat(check("192.0.2.1", "x@a.co.test", below).spf().result()).isEqualTo(Spf.Result.NONE);
    }

    @Test
    void aPolicyForPartOfTheMailIsMilderForTheRest() {
        dns.txt("_dmarc.news.sender.test", "v=DMARC1; p=reject; pct=0");
        assertThat(check("192.0.2.9", "", MAIL).dmarc().disposition()).isEqualTo(Dmarc.Policy.QUARANTINE);
    }

    @Test
    void twoPoliciesAreNoneAndHalfAPolicyWantsReportsAlone() {
        dns.txt("_dmarc.news.sender.test", "v=DMARC1; p=reject").txt("_dmarc.news.sender.test", "v=DMARC1; p=none");
        assertThat(check("192.0.2.9", "", MAIL).dmarc().verdict()).isEqualTo(Dmarc.Verdict.NONE);
        dns = new KnownNames().txt("_dmarc.sender.test", "v=DMARC1; p=what; rua=mailto:r@sender.test");
        Dmarc.Outcome half = check("192.0.2.9", "", MAIL).dmarc();
        assertThat(half.verdict()).isEqualTo(Dmarc.Verdict.FAIL);
        assertThat(half.disposition()).isEqualTo(Dmarc.Policy.NONE);
    }

    @Test
    void troubleWithTheDnsRefusesNobody() {
        dns.txt("_dmarc.sender.test", "v=DMARC1; p=reject").failing(KEY.dnsName(), Kind.TXT)
                .failing("sender.test", Kind.TXT);
        Findings found = check("192.0.2.9", "a@sender.test", signed(MAIL, KEY));

        assertThat(found.spf().result()).isEqualTo(Spf.Result.TEMPERROR);
        assertThat(found.signatures().getFirst().verdict()).isEqualTo(Dkim.Verdict.TEMPERROR);
        assertThat(found.dmarc().verdict()).isEqualTo(Dmarc.Verdict.TEMPERROR);
        assertThat(found.dmarc().disposition()).isEqualTo(Dmarc.Policy.NONE);
        dns = new KnownNames().failing("_dmarc.news.sender.test", Kind.TXT);
        assertThat(check("192.0.2.9", "", MAIL).dmarc().verdict()).isEqualTo(Dmarc.Verdict.TEMPERROR);
    }

    @Test
    void aFromThatNamesSeveralCountsAsTheWorstOfThem() {
        dns.txt("_dmarc.victim.test", "v=DMARC1; p=reject");
        String two = MAIL.replace("From: Anna <anna@news.sender.test>", "From: a@sender.test, b@victim.test");
        assertThat(check("192.0.2.1", "a@sender.test", two).dmarc().domain()).isEqualTo("victim.test");
        assertThat(check("192.0.2.1", "a@sender.test", two).dmarc().disposition()).isEqualTo(Dmarc.Policy.REJECT);
        for (String none : List.of(MAIL.substring(MAIL.indexOf("To:")), "From: x@victim.test\r\n" + MAIL, "", "\r\n")) {
            assertThat(check("192.0.2.1", "a@sender.test", none).dmarc().verdict())
                    .isEqualTo(Dmarc.Verdict.PERMERROR);
        }
    }

    @Test
    void aSignatureIsOfAllThatPeopleSee() {
        String mail = signed(MAIL, KEY);
        assertThat(verdict(mail.replace("there", "where"))).isEqualTo(Dkim.Verdict.FAIL);
        assertThat(verdict(mail.replace("Subject: x", "Subject: y"))).isEqualTo(Dkim.Verdict.FAIL);
        assertThat(verdict(mail.replace("v=1;", "v=2;"))).isEqualTo(Dkim.Verdict.PERMERROR);
        assertThat(verdict(mail.replace("a=rsa-sha256", "a=rsa-sha1"))).isEqualTo(Dkim.Verdict.PERMERROR);
        assertThat(verdict(mail.replace("s=one", "s=none"))).isEqualTo(Dkim.Verdict.PERMERROR);
        assertThat(verdict(mail.replace("s=one;", "s=one; x=1000000000;"))).isEqualTo(Dkim.Verdict.PERMERROR);
        assertThat(verdict(mail.replace("s=one;", "s=one; i=@other.test;"))).isEqualTo(Dkim.Verdict.PERMERROR);
        assertThat(verdict(mail.replace("v=1;", "v=1; v=1;"))).isEqualTo(Dkim.Verdict.NEUTRAL);
        assertThat(verdict(mail.replace("To: b", "no field\r\nTo: b"))).isEqualTo(Dkim.Verdict.PERMERROR);
        String signature = mail.substring(0, mail.indexOf("From: Anna"));
        assertThat(check("192.0.2.1", "", signature.repeat(20) + mail).signatures()).hasSize(Dkim.SIGNATURES_MAX);
        assertThat(verdict(mail)).isEqualTo(Dkim.Verdict.PASS);
    }

    private Dkim.Verdict verdict(String mail) {
        return check("192.0.2.1", "", mail).signatures().getFirst().verdict();
    }

    @Test
    void whatIsRightlySignedAndNotAllOfItIsNoPass() {
        assertThat(verdict(custom("h=from", Long.MAX_VALUE, MAIL))).isEqualTo(Dkim.Verdict.PASS);
        assertThat(verdict(custom("h=from; l=14", 14, MAIL))).isEqualTo(Dkim.Verdict.PASS);
        assertThat(verdict(custom("h=from; l=5", 5, MAIL))).isEqualTo(Dkim.Verdict.POLICY);
        assertThat(verdict("From: x@victim.test\r\n" + custom("h=from", Long.MAX_VALUE, MAIL)))
                .isEqualTo(Dkim.Verdict.POLICY);
        assertThat(verdict(custom("h=from; t=" + NOW.plusSeconds(90_000).getEpochSecond(), Long.MAX_VALUE, MAIL)))
                .isEqualTo(Dkim.Verdict.PERMERROR);
    }

    /// Returns the mail rightly signed by these tags.
    private static String custom(String tags, long limit, String mail) {
        byte[] hash = BodyHash.of(mail.getBytes(UTF_8), mail.indexOf("\r\n\r\n") + 4, true, limit).hash();
        String field = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.test; s=one; " + tags + "; bh="
                + Base64.getEncoder().encodeToString(hash) + "; b=";
        CutMail cut = CutMail.of((field + "\r\n" + mail).getBytes(UTF_8)).orElseThrow();
        SignatureForm form = SignatureForm.of(cut.fields(Dkim.FIELD).getFirst()).orElseThrow();
        byte[] data = cut.hashed(form.names(), form.field(), form.tags(), true);
        byte[] signature = DkimAlgorithm.RSA_SHA256.sign(KEY.secret(), data);
        return field + Base64.getEncoder().encodeToString(signature) + "\r\n" + mail;
    }

    @Test
    void aNameThatDoesNotPointBackIsNoName() throws IOException {
        dns.with("9.2.0.192.in-addr.arpa", Kind.PTR, "mx.sender.test");
        assertThat(check("192.0.2.9", "", MAIL).iprev().verdict()).isEqualTo(Iprev.Verdict.FAIL);
        assertThat(check("192.0.2.8", "", MAIL).iprev().verdict()).isEqualTo(Iprev.Verdict.PERMERROR);
        var bounded = new Bounded(dns, 1, Duration.ofMinutes(1));
        assertThat(bounded.txt("sender.test").records()).hasSize(1);
        assertThat(bounded.txt("sender.test").records()).isEmpty();
    }

    @Test
    void aPeersReverseZoneDoesNotUseUpTheTimeOfTheDomainThatIsAsked() {
        dns.txt("ptr.test", "v=spf1 ptr include:sender.test -all");
        var never = new CountDownLatch(1);
        Resolver hung = new Resolver() {
            @Override
            public <T> Answer<T> ask(String name, Kind<T> kind) {
                if (!name.contains("in-addr.arpa")) return dns.ask(name, kind);
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Answer.TryLater<>(Answer.Why.TIME_OUT);
            }
        };
        Findings found = new Authenticity(hung, SUFFIXES, CPU, CLOCK, "mx.here.test").check(
                InetAddress.ofLiteral("192.0.2.9"), "x.test", "a@ptr.test", MAIL.getBytes(UTF_8));
        never.countDown();
        assertThat(found.spf().result()).isEqualTo(Spf.Result.FAIL);
    }

    @Test
    void keysThatProveNothingAreNotTaken() throws Exception {
        KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
        maker.initialize(768);
        String small = Base64.getEncoder().encodeToString(maker.generateKeyPair().getPublic().getEncoded());
        String fit = KEY.dnsText();
        assertThat(KeyRecord.of(fit)).isInstanceOf(KeyRecord.Known.class);
        for (String text : List.of("v=DKIM1; p=" + small, "v=DKIM1; p=", "p=x", "v=DKIM2; " + fit.substring(9),
                fit + "; h=sha1", fit + "; s=other", fit.replace("k=rsa", "k=dsa"), "", "v=DKIM1",
                fit.replace("k=rsa", "k=ed25519"))) {
            assertThat(KeyRecord.of(text)).as(text).isInstanceOf(KeyRecord.Unfit.class);
        }
        assertThat(((KeyRecord.Known) KeyRecord.of(fit + "; t=y:s")).strict()).isTrue();
    }

    @Test
    void aLargeMailIsHashedElsewhereWithTheSameResult() {
        String mail = signed(MAIL + "a line of a letter that is long\r\n".repeat(10_000), KEY);
        assertThat(verdict(mail)).isEqualTo(Dkim.Verdict.PASS);
        var closed = new Bulkhead("test.none", 1, 1);
        closed.close();
        Findings found = new Authenticity(dns, SUFFIXES, closed, CLOCK, "mx.here.test")
                .check(InetAddress.getLoopbackAddress(), "x.test", "", mail.getBytes(UTF_8));
        assertThat(found.signatures().getFirst().verdict()).isEqualTo(Dkim.Verdict.TEMPERROR);
    }

    @Test
    void simpleSignaturesOfOthersAreVerified() throws IOException {
        if (!Files.isDirectory(VECTORS)) {
            System.out.println("DKIM vectors are not beside this checkout; those of our own alone were run");
            return;
        }
        dns.txt("test._domainkey.football.example.com", RSA).txt("brisbane._domainkey.football.example.com",
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        String mail = Files.readString(VECTORS.resolve("rfc6376.signed.msg"));
        Findings found = check("192.0.2.1", "", mail.contains("\r\n") ? mail : mail.replace("\n", "\r\n"));
        assertThat(found.signatures()).hasSize(2).allMatch(Dkim.Result::passed);
    }

    @Test
    void spfIsBoundedAndHostileRecordsEnd() {
        dns.txt("loop.test", "v=spf1 include:loop.test -all").txt("deep.test", "v=spf1 redirect=%{d}.%{d}.%{d}")
                .txt("many.test", "v=spf1 " + "a:x%{s}.test ".repeat(3_000) + "-all");
        for (String domain : List.of("loop.test", "deep.test", "many.test")) {
            Spf.Result result = check("192.0.2.1", "a@" + domain, MAIL).spf().result();
            assertThat(result).as(domain).isEqualTo(Spf.Result.PERMERROR);
        }
        assertThat(dns.asked.get()).isLessThan(120);
        Findings found = check("192.0.2.9", "\"a b\r\nX: y\"@sender.test", MAIL);
        assertThat(found.field("mx.here.test")).contains("smtp.mailfrom=\"\\\"a b??X: y\\\"@sender.test\";")
                .contains("spf=fail");
    }

    // The fuzzer takes seconds to start; mutants are in every build.
    @FuzzTest
    @Tag("long")
    void anyMailHasFindings(byte[] mail) {
        Findings found = check("192.0.2.1", "a@sender.test", new String(mail, UTF_8));
        assertThat(found.field("mx.here.test")).startsWith("Authentication-Results: mx.here.test;\r\n\tspf=");
        assertThat(found.field("mx.here.test")).matches("[\\x20-\\x7e\\t\\r\\n]*");
    }

    @Test
    void mutantsOfMailsRecordsAndKeysHaveFindings() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        System.out.println("authenticity: seed " + seed);
        var random = new Random(seed);
        String arc = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=sender.test; s=one; b=aaaa\r\nARC-Message-Signature: i=1; "
                + "a=rsa-sha256; d=sender.test; s=one; h=from; bh=aaaa; b=aaaa\r\nARC-Authentication-Results: i=1; x; spf=pass\r\n";
        byte[] mail = (arc + signed(MAIL, KEY)).getBytes(UTF_8);
        for (int i = 0; i < 1_500; i++) anyMailHasFindings(mutant(random, mail));
        byte[] record = "v=spf1 a:%{ir}.x.test mx/24//64 ip6:2001:db8::/32 ?ptr exists:%{l2r-}.test exp=e.%{d} -all".getBytes(UTF_8);
        byte[] policy = "v=DMARC1; p=reject; sp=none; pct=50; adkim=s; rua=mailto:a@b.test".getBytes(UTF_8);
        byte[] key = KEY.dnsText().getBytes(UTF_8);
        for (int i = 0; i < 1_500; i++) {
            dns = new KnownNames().txt("sender.test", text(mutant(random, record))).txt(KEY.dnsName(), text(mutant(random, key)))
                    .txt("_dmarc.sender.test", text(mutant(random, policy)));
            anyMailHasFindings(mail);
        }
    }

    private static String text(byte[] bytes) {
        return Relaxed.text(bytes);
    }

    private static byte[] mutant(Random random, byte[] seed) {
        byte[] out = seed.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
            out[random.nextInt(out.length)] = (byte) random.nextInt(256);
        }
        return out;
    }
}
