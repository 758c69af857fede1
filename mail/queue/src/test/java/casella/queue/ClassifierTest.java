package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import casella.message.Summary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves who is taken for urgent, for personal and for bulk, on mail as banks, shops, lists and people write it.
final class ClassifierTest {
    private static Priority of(String sender, int recipients, String mail) {
        byte[] raw = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return of(new Classifier.Arrival(sender, recipients, 0, Proof.ALIGNED), raw).priority();
    }

    private static Classified of(Classifier.Arrival arrival, byte[] raw) {
        return new Classifier(ClassifierRules.NONE).of(arrival, raw, Summary.of(raw));
    }

    private static String mail(String from, String fields, String subject, String body) {
        return "From: " + from + "\nTo: anna@posta.example\n" + fields + "Subject: " + subject + "\n\n" + body + "\n";
    }

    private static Priority machine(String subject, String body) {
        return of("bounce@bank.example", 1, mail("Bank <no-reply@bank.example>", "", subject, body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Your verification code", "123456 is your login code", "Il tuo codice di verifica", "Codice OTP",
                "Reset your password", "Reimposta la tua password", "Recupero password", "Security alert for your account",
                "Avviso di sicurezza", "Nuovo accesso al tuo account", "Confirm your email", "Conferma il pagamento",
                "Attivazione identit\u00e0 digitale", "Promemoria ricetta elettronica", "Your one-time password",
                "=?utf-8?q?Il_tuo_codice_di_sicurezza?="
            })
    void whatIsWaitedForIsUrgent(String subject) {
        assertThat(machine(subject, "hello")).isEqualTo(Priority.URGENT);
    }

    @Test
    void aCodeInTheFirstWordsIsEnoughWhereTheSubjectMentionsOne() {
        assertThat(machine("Your code", "Use 482913 to sign in.")).isEqualTo(Priority.URGENT);
        assertThat(machine("Accesso", "Inserisci 482 913")).isEqualTo(Priority.URGENT);
        assertThat(machine("Welcome", "Your verification code is 482913")).isEqualTo(Priority.URGENT);
        assertThat(machine("Your code of conduct", "Read it.")).isEqualTo(Priority.PERSONAL);
        assertThat(machine("Your order 12345678", "It was sent.")).isEqualTo(Priority.PERSONAL);
    }

    @Test
    void aPersonIsNoMachine() {
        assertThat(of("bruno@virgola.example", 1, mail("bruno@virgola.example", "", "Reset your password", "do it")))
                .isEqualTo(Priority.PERSONAL);
        assertThat(of("bruno@virgola.example", 1, mail("bruno@virgola.example", "Auto-Submitted: auto-generated\n", "Reset your password", "x")))
                .isEqualTo(Priority.URGENT);
    }

    private static Classified said(ClassifierRules rules, int mtPriority, Proof proof, String mail) {
        byte[] raw = mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        var arrival = new Classifier.Arrival("otp@mail.bank.example", 1, mtPriority, proof);
        return new Classifier(rules).of(arrival, raw, Summary.of(raw));
    }

    private static final String CODE = mail("Bank <otp@bank.example>", "", "Your verification code", "It is 482913");
    private static final String LETTER = mail("Anna <anna@a.example>", "", "Ciao", "Come stai?");

    @Test
    void whatIsNotProvenIsPersonal() {
        assertThat(said(ClassifierRules.NONE, 0, Proof.ALIGNED, CODE)).isEqualTo(new Classified(Priority.URGENT, "code"));
        assertThat(said(ClassifierRules.NONE, 0, Proof.UNASKED, CODE)).isEqualTo(new Classified(Priority.URGENT, "code"));
        assertThat(said(ClassifierRules.NONE, 0, Proof.NONE, CODE))
                .isEqualTo(new Classified(Priority.PERSONAL, "unproven (code)"));
    }

    @Test
    void aTrustedPeersPriorityGoesBeforeAllElse() {
        Classified urgent = new Classified(Priority.URGENT, "mt-priority");
        assertThat(said(ClassifierRules.NONE, 4, Proof.NONE, LETTER)).isEqualTo(urgent);
        assertThat(said(ClassifierRules.NONE, 3, Proof.NONE, LETTER).priority()).isEqualTo(Priority.PERSONAL);
        assertThat(said(ClassifierRules.NONE, -3, Proof.ALIGNED, CODE).priority()).isEqualTo(Priority.URGENT);
        assertThat(said(ClassifierRules.NONE, -4, Proof.ALIGNED, CODE))
                .isEqualTo(new Classified(Priority.BULK, "mt-priority"));
    }

    @Test
    void operatorsAddSendersAndSubjects() {
        String plain = mail("Bank <post@bank.example>", "", "Comunicazione", "Testo");
        var urgent = new ClassifierRules(List.of("Bank.example"), List.of(), List.of());
        assertThat(said(urgent, 0, Proof.ALIGNED, plain)).isEqualTo(new Classified(Priority.URGENT, "urgent-sender"));
        assertThat(said(urgent, 0, Proof.NONE, plain).priority()).isEqualTo(Priority.PERSONAL);
        var never = new ClassifierRules(List.of(), List.of("otp@mail.bank.example"), List.of());
        assertThat(said(never, 0, Proof.ALIGNED, CODE))
                .isEqualTo(new Classified(Priority.PERSONAL, "never-urgent-sender"));
        var other = new ClassifierRules(List.of("ank.example"), List.of("k.example"), List.of());
        assertThat(said(other, 0, Proof.ALIGNED, plain).reason()).isEqualTo("no-sign");
        var pattern = new ClassifierRules(List.of(), List.of(), List.of(Pattern.compile("^comunica", Pattern.CASE_INSENSITIVE)));
        assertThat(said(pattern, 0, Proof.ALIGNED, plain)).isEqualTo(new Classified(Priority.URGENT, "own-pattern"));
    }

    @Test
    void answersAndWhatIsPassedOnAreAPersons() {
        String body = "Your code is 482913";
        for (String subject : new String[] {"Re: Your code", "R: codice", "I: Your code", "Fwd: Your code", "[x] AW: code", "RE[2]: code"}) {
            assertThat(said(ClassifierRules.NONE, 0, Proof.ALIGNED, mail("Bank <otp@bank.example>", "", subject, body)).reason())
                    .as(subject).isEqualTo("answer");
        }
        String thread = mail("Bank <otp@bank.example>", "References: <a@b>\n", "Your code", body);
        assertThat(said(ClassifierRules.NONE, 0, Proof.ALIGNED, thread).reason()).isEqualTo("answer");
    }

    @Test
    void whatWasLookedAtIsSaid() {
        byte[] raw = CODE.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        var looks = new ArrayList<Classifier.Look>();
        var arrival = new Classifier.Arrival("otp@bank.example", 1, 0, Proof.NONE);
        new Classifier(ClassifierRules.NONE).of(arrival, raw, Summary.of(raw), looks);
        assertThat(looks).hasSize(10).last()
                .isEqualTo(new Classifier.Look("is proven to come from its domain", false));
        assertThat(looks.subList(0, 9)).allMatch(Classifier.Look::holds);
    }

    @Test
    void whatGoesToManyIsNotUrgent() {
        String code = "Your verification code";
        assertThat(of("no-reply@a.example", 2, mail("no-reply@a.example", "", code, "x"))).isEqualTo(Priority.PERSONAL);
        assertThat(of("no-reply@a.example", 1, mail("no-reply@a.example", "Cc: b@c.example\n", code, "x")))
                .isEqualTo(Priority.PERSONAL);
        assertThat(of("no-reply@a.example", 1, mail("no-reply@a.example", "List-Unsubscribe: <mailto:x@y.example>\n", code, "x")))
                .isEqualTo(Priority.BULK);
        assertThat(of("no-reply@a.example", 1, mail("no-reply@a.example", "", code, "x".repeat(300_000))))
                .isEqualTo(Priority.PERSONAL);
    }

    @Test
    void listsNewslettersAndVacationNoticesAreBulk() {
        for (String field : new String[] {
            "List-Id: <dev.lists.example>\n", "List-Post: <mailto:dev@lists.example>\n", "Precedence: Bulk\n",
            "Precedence: list\n", "List-Unsubscribe: <https://x.example/>\n", "Auto-Submitted: auto-replied (vacation)\n"
        }) {
            assertThat(of("a@b.example", 1, mail("a@b.example", field, "Ciao", "x"))).as(field).isEqualTo(Priority.BULK);
        }
    }

    @Test
    void aLetterIsPersonal() {
        assertThat(of("a@b.example", 1, mail("a@b.example", "", "Ciao", "Ci vediamo alle 1830?"))).isEqualTo(Priority.PERSONAL);
        assertThat(of("", 1, "\n\n")).isEqualTo(Priority.PERSONAL);
        assertThat(of("", 1, "")).isEqualTo(Priority.PERSONAL);
    }

    @Test
    void noBytesAreTooStrange() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] raw = new byte[random.nextInt(400)];
            random.nextBytes(raw);
            assertThat(of(new Classifier.Arrival("x", 1, 0, Proof.ALIGNED), raw)).as("seed " + seed).isNotNull();
        }
    }
}
