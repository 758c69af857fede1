package casella.incident.complaint;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.incident.Line;
import casella.incident.voice.Language;
import casella.incident.voice.Voice;
import casella.incident.voice.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Works on complaints by itself: takes those that come by mail, and tells owners of mailboxes that theirs came; and erases,
/// once an hour, what was closed long enough ago. Looks every few seconds; whatever is away now is done when it is back.
public final class Reception implements AutoCloseable {
    private static final int PAGE = 100;
    private static final Duration ERASE = Duration.ofHours(1);

    private final Complaints complaints;
    private final MailIntake intake;
    private final Map<String, String> mailboxes;
    private final Voice voice;
    private final Line line;
    private final Clock clock;
    private Instant erased = Instant.EPOCH;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param mailboxes each brand's address for complaints
    /// @param clock by which cases are old
    public Reception(Complaints complaints, MailIntake intake, Map<String, String> mailboxes, Voice voice,
            Line line, Clock clock) {
        this.clock = clock;
        this.complaints = complaints;
        this.intake = intake;
        this.mailboxes = Map.copyOf(mailboxes);
        this.voice = voice;
        this.line = line;
    }

    /// Works every `look` until it is closed.
    public Reception start(Duration look) {
        Thread.ofVirtual().name("complaints").start(() -> work(look));
        return this;
    }

    private void work(Duration look) {
        try {
            do round(); while (!closed.await(look.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does what there is to do now. One thread at a time.
    void round() {
        mailboxes.forEach((brand, address) -> {
            try {
                int looked = 1;
                while (looked > 0 && closed.getCount() > 0) looked = intake.round(brand, address);
            } catch (Fault e) {
                Log.event(Event.COMPLAINTS_NOT_READ, e, "brand", brand);
            }
        });
        try {
            for (Complaint one : complaints.unacknowledged(PAGE)) acknowledge(one);
            for (Complaints.Letter letter : complaints.letters(PAGE)) send(letter);
        } catch (Fault e) {
            Log.event(Event.COMPLAINTS_NOT_READ, e, "brand", "all");
        }
        if (erased.plus(ERASE).isAfter(clock.now())) return;
        try {
            erase();
            erased = clock.now();
        } catch (Fault e) {
            Log.event(Event.COMPLAINTS_NOT_READ, e, "brand", "all");
        }
    }

    /// Erases what was closed long enough ago.
    private void erase() {
        int gone = 0;
        Complaints.Erased page = new Complaints.Erased(0, 0L);
        while (page.last() != null && closed.getCount() > 0) {
            page = complaints.erase(page.last(), PAGE);
            gone += page.erased();
        }
        if (gone > 0) Log.event(Event.COMPLAINTS_ERASED, "cases", gone);
    }

    private void acknowledge(Complaint one) {
        Optional<AccountId> account = one.received().accountId();
        if (account.isEmpty()) return;
        Voice.Told told = voice.tell(account.get(),
                new Voice.Occasion("complaint-" + one.id(), one.received().at()),
                (language, _) -> received(one, language));
        switch (told) {
            case TOLD -> complaints.add(one.id(), new Step.Acknowledged(Step.Way.MAILBOX), "casella");
            case NOBODY -> complaints.leaveUnacknowledged(one.id());
            case LATER -> {}
        }
    }

    private Words received(Complaint one, Language language) {
        String day = new ComplaintPages("", "", language == Language.ITALIAN ? "it" : "en", line)
                .day(one.deadline());
        return switch (language) {
            case ITALIAN -> new Words("Abbiamo ricevuto il tuo reclamo " + one.number(), List.of(
                    "Abbiamo ricevuto il tuo reclamo. Il suo numero \u00e8 " + one.number() + ".",
                    "Ti rispondiamo in questa casella entro il " + day + "."));
            case ENGLISH -> new Words("We have received your complaint " + one.number(), List.of(
                    "We have received your complaint. Its number is " + one.number() + ".",
                    "We answer in this mailbox by " + day + "."));
        };
    }

    private void send(Complaints.Letter letter) {
        Complaint one = letter.complaint();
        Step step = letter.step();
        Optional<String> text = Step.text(step.what());
        Optional<AccountId> account = one.received().accountId();
        if (text.isEmpty() || account.isEmpty()) return;
        Voice.Told told = voice.tell(account.get(),
                new Voice.Occasion("complaint-" + one.id() + "-" + step.number(), step.at()),
                (language, _) -> answer(one, language, text.get()));
        switch (told) {
            case TOLD, NOBODY -> complaints.sent(one.id(), step.number());
            case LATER -> {}
        }
    }

    /// Returns what the owner of a mailbox is told with an answer.
    ///
    /// @throws IllegalArgumentException if no mailbox of ours is known, or the text holds something to click
    public static Words answer(Complaint one, Language language, String text) {
        if (one.received().account() == null) {
            throw new IllegalArgumentException(
                    "way: no mailbox of ours is known; say how else it was answered");
        }
        List<String> paragraphs = text.lines().map(String::strip).filter(part -> !part.isEmpty()).toList();
        return switch (language) {
            case ITALIAN -> new Words("Risposta al tuo reclamo " + one.number(), paragraphs);
            case ENGLISH -> new Words("Answer to your complaint " + one.number(), paragraphs);
        };
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
