package casella.incident.complaint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Metrics;
import casella.delivery.Content;
import casella.delivery.Delivery;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Person;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.Complaint.State;
import casella.incident.voice.Language;
import casella.incident.voice.Village;
import casella.testkit.Trouble;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what comes to the mailbox for complaints is a case once, that its owner hears of it once, and that whatever is away is
/// done when it is back. Bruno's mailbox is the one for complaints; Anna complains.
final class ReceptionTest {
    private static final Line LINE = new Line(ZoneId.of("Europe/Rome"), Map.of());
    private static final String DESK = "bruno@posta.example";

    @TempDir
    private Path folder;

    private Village village;
    private Desk desk;
    private Complaints complaints;
    private Reception reception;
    private final Set<AccountId> away = new HashSet<>();
    private final Bulkhead cpu = new Bulkhead("test.complaints", 2, 16);

    @BeforeEach
    void open() {
        village = new Village(folder.resolve("village"));
        begin();
    }

    private void begin() {
        desk = Desk.open(folder.resolve("desk"));
        complaints = new Complaints(desk, village.store.clock(), ComplaintsTest.WITHIN, ComplaintsTest.KEPT);
        var intake = new MailIntake(complaints, village.store.accounts(), village.directory,
                away::contains, village.store.clock());
        reception = new Reception(complaints, intake, Map.of("posta", DESK), village.voice(), LINE,
                village.store.clock());
    }

    @AfterEach
    void close() {
        reception.close();
        desk.close();
        village.close();
        cpu.close();
    }

    private void mail(String head, String text) {
        var delivery = new Delivery(village.directory, village.store.accounts(),
                Optional.of(village.queue), cpu,
                village.store.clock(), Metrics.none());
        var to = new Recipient.Local(DESK, village.bruno, "", Long.MAX_VALUE);
        var trace = new Trace("test", InetAddress.getLoopbackAddress(), "test", "ESMTP", "1",
                village.store.clock().now(), false);
        delivery.deliver(new Envelope("anna@posta.example", List.of(to), trace),
                Content.of((head + "\r\n\r\n" + text + "\r\n").getBytes(UTF_8)));
    }

    private List<Complaint> all() {
        return complaints.page(Complaints.Filter.ALL, 0, 100);
    }

    private static final String FROM_ANNA = "From: Anna Bianchi <anna@posta.example>\r\nSubject: Ristoro";

    @Test
    void aMailIsACaseOnceAndItsOwnerHearsOfItOnce() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        reception.round();
        reception.round();

        Complaint one = all().getFirst();
        assertThat(all()).hasSize(1);
        assertThat(one.received().channel()).isEqualTo(Channel.MAIL);
        assertThat(one.received().person()).isEqualTo(new Person("Anna Bianchi", "anna@posta.example"));
        assertThat(one.received().text()).isEqualTo("Tre giorni senza posta.");
        assertThat(one.received().accountId()).contains(village.anna);
        assertThat(one.steps()).extracting(Step::what)
                .containsExactly(new Step.Acknowledged(Step.Way.MAILBOX));
        assertThat(village.mails(village.anna)).singleElement().satisfies(told -> assertThat(told)
                .contains("Subject: Abbiamo ricevuto il tuo reclamo " + one.number())
                        .contains("DKIM-Signature:"));
        // It stays where its staff reads it.
        assertThat(village.mails(village.bruno)).hasSize(1);
    }

    @Test
    void whatIsWrittenAfterwardsBelongsToTheCase() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        reception.round();
        mail(FROM_ANNA, "E nessuno risponde.");
        reception.round();
        Complaint one = all().getFirst();
        assertThat(all()).hasSize(1);
        assertThat(one.steps().getLast().what()).isInstanceOfSatisfying(Step.Heard.class, heard ->
                assertThat(heard.text()).isEqualTo("Ristoro\n\nE nessuno risponde."));

        village.store.clock().step(Duration.ofDays(20));
        mail("From: anna@posta.example\r\nSubject: Re: Risposta al tuo reclamo " + one.number(),
                "Non mi basta.");
        mail("From: altra@elsewhere.example\r\nSubject: Re: " + one.number(), "Vorrei leggere.");
        reception.round();

        assertThat(all()).hasSize(2);
        assertThat(all().getFirst().steps().getLast().what()).isInstanceOfSatisfying(Step.Heard.class,
                heard ->
                assertThat(heard.text()).contains("Non mi basta."));
        // Whose number it is not has a case of their own.
        assertThat(all().getLast().received().person().contact()).isEqualTo("altra@elsewhere.example");
        assertThat(all().getLast().received().account()).isNull();
    }

    @Test
    void whatAMachineWroteIsNoComplaint() {
        mail("From: anna@posta.example\r\nSubject: Fuori ufficio\r\nAuto-Submitted: auto-replied",
                "Torno lunedì.");
        mail("From: lista@elsewhere.example\r\nSubject: Notizie\r\nList-Id: <a.example>", "Offerte.");
        mail("Subject: niente mittente", "Chi sono?");
        reception.round();

        assertThat(all()).isEmpty();
        assertThat(complaints.reached(village.bruno).orElseThrow().uid()).isEqualTo(3);
    }

    @Test
    void aKillBetweenTheCaseAndItsMarkDoublesNothing() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        reception.round();
        mail(FROM_ANNA, "E nessuno risponde.");
        reception.round();
        Complaint before = all().getFirst();
        complaints.reach(village.bruno, new Complaints.Reached(0, 0));
        reception.close();
        desk.close();

        begin();
        reception.round();
        assertThat(all()).containsExactly(before);
        assertThat(village.mails(village.anna)).hasSize(1);
    }

    @Test
    void whileTheMailboxIsAwayItWaits() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        away.add(village.bruno);
        reception.round();
        assertThat(all()).isEmpty();
        away.clear();
        village.store.engine().all(Trouble.unavailable());
        reception.round();
        assertThat(all()).isEmpty();

        village.store.engine().all(Trouble.none());
        reception.round();
        assertThat(all()).hasSize(1);
    }

    @Test
    void anAnswerIsInTheMailboxOnceItIsBack() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        reception.round();
        long id = all().getFirst().id();
        complaints.add(id, new Step.Said(Step.Way.MAILBOX, "Ci dispiace.\nTi accreditiamo un mese."),
                "bruno");
        reception.round();
        reception.round();
        complaints.add(id, new Step.Decided(Step.Outcome.UPHELD, Step.Way.TELEPHONE, "Detto a voce."),
                "bruno");
        reception.round();

        assertThat(village.mails(village.anna)).hasSize(2).anySatisfy(mail -> assertThat(mail)
                .contains("Subject: Risposta al tuo reclamo").contains("Ci dispiace.")
                        .contains("Ti accreditiamo un mese."));
        assertThat(complaints.letters(10)).isEmpty();
        assertThat(all().getFirst().state()).isEqualTo(State.CLOSED);
    }

    @Test
    void whatCannotBeToldInAMailboxIsRefused() {
        Complaint nobody = complaints.open("x",
                new Received(village.store.clock().now(), Channel.TELEPHONE, Category.OTHER, "posta", null,
                new Person("Carla", ""), "", "Pronto?", "it", "", "", ""));
        Complaint anna = complaints.open("y", new Received(village.store.clock().now(), Channel.TELEPHONE,
                Category.OTHER, "posta",
                village.anna.toString(), new Person("Anna", ""), "", "Pronto?", "it", "", "", ""));

        assertThatThrownBy(() -> Reception.answer(nobody, Language.ITALIAN, "Ciao"))
                .hasMessageStartingWith("way: no mailbox");
        assertThatThrownBy(() -> Reception.answer(anna, Language.ITALIAN, "Vai su https://evil.example"))
                .hasMessageContaining("clicked");
    }

    @Test
    void whatWasErasedComesBackByNoSecondReadingOfTheMailbox() {
        mail(FROM_ANNA, "Tre giorni senza posta.");
        reception.round();
        long id = all().getFirst().id();
        complaints.add(id, new Step.Decided(Step.Outcome.UPHELD, Step.Way.TELEPHONE, "Avete ragione."),
                "bruno");
        village.store.clock().step(ComplaintsTest.KEPT.plusDays(1));
        reception.round();
        assertThat(all()).isEmpty();

        // As a mailbox that got another UIDVALIDITY is: from its first mail.
        complaints.reach(village.bruno, new Complaints.Reached(0, 0));
        reception.round();
        assertThat(all()).isEmpty();
    }
}
