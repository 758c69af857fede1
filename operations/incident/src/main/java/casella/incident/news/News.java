package casella.incident.news;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Notices;
import casella.base.SecondAddresses;
import casella.directory.Account;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.incident.Desk;
import casella.incident.Line;
import casella.incident.voice.Language;
import casella.incident.voice.Voice;
import casella.incident.voice.Words;
import casella.store.deletion.Erasure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells owners at their second address how their mailbox is. Whoever asks waits for nothing: what is asked goes into memory, and one
/// thread looks who may be told, writes and sends. What is not taken there is tried again every minute for an hour.
///
/// Safe from any thread.
public final class News implements SecondAddresses, Erasure.Place, AutoCloseable {
    /// Of the place where an erased account's address is.
    public static final String NAME = "second-address";

    static final int WAITING_MAX = 1_000;
    static final Duration AGAIN_AFTER = Duration.ofMinutes(1);
    static final Duration GIVEN_UP_AFTER = Duration.ofHours(1);

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int FIELD_CHARS_MAX = 254;

    /// The way out: a server that is not this one.
    @FunctionalInterface
    public interface Post {
        /// @throws IOException if it was not taken
        void send(String to, byte[] mail) throws IOException;
    }

    /// How a mailbox is, in a sentence for its owner. Must not wait long.
    @FunctionalInterface
    public interface States {
        String of(Account account, Language language);
    }

    /// What waits.
    private sealed interface Wish {
        /// @param claimed the second address, as it was typed
        record Asked(String mailbox, String claimed) implements Wish {}

        record Code(AccountId account, String to, String code) implements Wish {}
    }

    /// A mail on its way. @param next when it is tried, @param until when it is given up
    private record Letter(String to, byte[] mail, Instant next, Instant until) {}

    private final Directory directory;
    private final Addresses addresses;
    private final Voice voice;
    private final Notices notices;
    private final States states;
    private final Line line;
    private final @Nullable Post post;
    private final Clock clock;
    private final ArrayBlockingQueue<Wish> wishes = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Deque<Letter> letters = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread worker;

    /// @param notices what goes on
    /// @param line whom to call
    /// @param post null where none is configured: no second address is offered then
    public News(Desk desk, Directory directory, Voice voice, Notices notices, States states, Line line,
            @Nullable Post post,
            Clock clock) {
        this.directory = directory;
        this.addresses = new Addresses(desk, clock);
        this.voice = voice;
        this.notices = notices;
        this.states = states;
        this.line = line;
        this.post = post;
        this.clock = clock;
    }

    /// Begins to write. To be called once.
    public News start() {
        if (post == null) return this;
        worker = Thread.ofVirtual().name("news").start(() -> {
            try {
                while (!closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS)) step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /// Says whether news can be asked for.
    public boolean offered() {
        return post != null;
    }

    /// Somebody asks for news of a mailbox at an address. Never waits, and tells nothing.
    ///
    /// @return false if too many wait
    public boolean ask(String mailbox, String claimed) {
        if (mailbox.length() > FIELD_CHARS_MAX || claimed.length() > FIELD_CHARS_MAX) return true;
        return wishes.offer(new Wish.Asked(mailbox.strip(), claimed.strip()));
    }

    @Override
    public Kept of(AccountId account) {
        Addresses.Row row = addresses.of(account);
        return new Kept(offered(), row.address(), row.pending());
    }

    /// Returns the address that is kept of an account, whether or not news go out; empty for none.
    public static Optional<String> kept(Desk desk, Clock clock, AccountId account) {
        return Optional.ofNullable(new Addresses(desk, clock).of(account).address());
    }

    @Override
    public Begun begin(AccountId account, String address) {
        if (!offered()) throw new Fault.Unavailable("No way out is configured", Map.of());
        Optional<String> to = Addresses.checked(address);
        if (to.isEmpty()) return Begun.NO_ADDRESS;
        if (!(directory.resolve(to.get()) instanceof Resolution.NotOurs)) return Begun.OURS;
        if (wishes.remainingCapacity() == 0) return Begun.TOO_MANY;
        Optional<String> code = addresses.begin(account, to.get());
        // Between the look and now others may have come: then the code is sent to nobody, and another can be asked for.
        boolean waits = code.isPresent() && wishes.offer(new Wish.Code(account, to.get(), code.get()));
        return waits ? Begun.SENT : Begun.TOO_MANY;
    }

    @Override
    public boolean confirm(AccountId account, String code) {
        return addresses.confirm(account, code);
    }

    @Override
    public void remove(AccountId account) {
        addresses.remove(account);
    }

    /// Writes what is asked for, and sends what is due. One thread at a time.
    void step() {
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            try {
                Letter letter = written(wish);
                if (letter != null && letters.size() < WAITING_MAX) letters.add(letter);
            } catch (RuntimeException e) {
                // A directory or a desk that is away must not end the looking, nor may a mistake.
                Log.event(Event.NEWS_NOT_WRITTEN, e);
            }
        }
        Post out = post;
        if (out == null) return;
        Instant now = clock.now();
        for (int i = letters.size(); i > 0; i--) {
            Letter letter = letters.removeFirst();
            if (now.isBefore(letter.next())) letters.addLast(letter);
            else if (!sent(out, letter) && now.isBefore(letter.until())) {
                letters.addLast(new Letter(letter.to(), letter.mail(), now.plus(AGAIN_AFTER),
                        letter.until()));
            }
        }
    }

    private static boolean sent(Post out, Letter letter) {
        try {
            out.send(letter.to(), letter.mail());
            Log.event(Event.NEWS_SENT);
            return true;
        } catch (IOException e) {
            Log.event(Event.NEWS_NOT_SENT, "why", why(e));
            return false;
        }
    }

    /// What a relay answers may name whom it was to be sent to: that is nobody's to read in a log.
    static String why(IOException e) {
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return said.replaceAll("\\S*@\\S*", "\u2026");
    }

    /// Returns the mail; null where nobody is to be written to.
    private @Nullable Letter written(Wish wish) {
        return switch (wish) {
            case Wish.Asked(String mailbox, String claimed) -> {
                Resolution.Local local = directory.resolve(mailbox).mailbox();
                if (local == null) yield null;
                Account account = local.account();
                Optional<String> to = addresses.take(account.id(), claimed);
                yield to.isEmpty() ? null : letter(account, to.get(), "news", news(account));
            }
            case Wish.Code(AccountId id, String to, String code) -> {
                Optional<Account> account = directory.account(id).filter(Account::active);
                yield account.isEmpty() ? null : letter(account.get(), to, "code", code(account.get(), code));
            }
        };
    }

    private @Nullable Letter letter(Account account, String to, String kind, Words words) {
        Instant now = clock.now();
        var occasion = new Voice.Occasion(kind + "-" + now.toEpochMilli(), now);
        Optional<byte[]> mail = voice.outside(account, to, occasion, words);
        return mail.isEmpty() ? null : new Letter(to, mail.get(), now, now.plus(GIVEN_UP_AFTER));
    }

    private Words news(Account account) {
        Language language = Language.of(account.language());
        boolean italian = language == Language.ITALIAN;
        List<String> paragraphs = new ArrayList<>();
        notices.of(Notices.Listener.owner(account.brand(), account.id())).ifPresentOrElse(
                notice -> paragraphs.add(unclickable(notice.in(italian ? "it" : "en"))),
                () -> paragraphs.add(italian ? "In questo momento non c'\u00e8 nessun incidente aperto."
                        : "No incident is open at this moment."));
        paragraphs.add(unclickable(states.of(account, language)));
        line.contact(account.brand()).ifPresent(one -> paragraphs.add(unclickable(
                (italian ? "Al telefono: " : "By telephone: ") + one.phone() + ", " + one.hours().in(italian
                        ? "it" : "en"))));
        paragraphs.add(italian
                ? "Ricevi questo messaggio perch\u00e9 hai chiesto notizie della tua casella a questo indirizzo, che hai confermato. Se non"
                        + " sei stato tu non devi fare nulla: a questo indirizzo scriviamo al massimo ogni mezz'ora."
                : "You get this message because you asked for news of your mailbox at this address, which you confirmed. If it was not"
                        + " you there is nothing to do: we write to this address every half hour at most.");
        return new Words(italian ? "Notizie della tua casella" : "News of your mailbox", paragraphs);
    }

    private static Words code(Account account, String code) {
        boolean italian = Language.of(account.language()) == Language.ITALIAN;
        return italian
                ? new Words("Il codice per il tuo secondo indirizzo", List.of("Il codice \u00e8 " + code
                        + ".",
                        "Scrivilo nelle impostazioni della tua casella entro mezz'ora: da allora potrai chiedere notizie qui, se un giorno"
                                + " non riuscissi ad aprirla.",
                        "Se non l'hai chiesto tu non devi fare nulla: senza il codice questo indirizzo non viene conservato."))
                : new Words("The code for your second address", List.of("The code is " + code + ".",
                        "Write it in the settings of your mailbox within half an hour: from then on you can ask for news here, should you"
                                + " ever be unable to open it.",
                        "If it was not you who asked there is nothing to do: without the code this address is not kept."));
    }

    /// What operators wrote may name a page: here nothing is clicked.
    static String unclickable(String text) {
        if (!Words.clickable(text)) return text;
        return text.replaceAll("\\S*(?:://|@|(?i:www\\.|mailto:|tel:))\\S*", "\u2026")
                .replaceAll("(?<=[\\p{L}\\p{N}_-])[.\u3002\uff0e\uff61](?=\\p{L}{2})", ". ");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean erased(AccountId account) {
        addresses.forget(account);
        return true;
    }

    @Override
    public void close() {
        closed.countDown();
        Thread working = worker;
        if (working == null) return;
        try {
            var _ = working.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
