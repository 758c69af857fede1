package casella.incident.voice;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimSigner;
import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Sha256;
import casella.delivery.Content;
import casella.delivery.Delivery;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.directory.Account;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.message.Address;
import casella.message.Compose;
import casella.message.DraftField;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// A brand speaks to an owner: plain text with nothing to click, signed, delivered once. The one door for all that a brand
/// announces.
///
/// The arrival under which a message is filed comes from the occasion and the account alone, and an account takes an arrival once:
/// no record is needed of who was told, and a kill at any point costs nothing but another try.
///
/// Waits for store or queue: for virtual threads that may.
public final class Voice {
    /// Who speaks: `notices@` and the brand's first domain.
    public static final String LOCAL_PART = Directory.NOTICES;

    /// Over-signed, so that none can be added to what was said. RFC 6376 §5.4.1 names most of them.
    private static final List<String> SIGNED = List.of("From", "To", "Subject", "Date", "Message-ID",
            "Content-Type",
            "Content-Transfer-Encoding", "MIME-Version", "Auto-Submitted", "Reply-To", "Sender", "Cc");
    private static final int LINE_CHARS = 72;

    private final Directory directory;
    private final Delivery delivery;
    private final Keys keys;
    private final String hostName;
    private final Clock clock;

    /// @param hostName what the server calls itself in `Received` fields
    public Voice(Directory directory, Delivery delivery, Keys keys, String hostName, Clock clock) {
        this.directory = directory;
        this.delivery = delivery;
        this.keys = keys;
        this.hostName = hostName;
        this.clock = clock;
    }

    /// Knows what a domain signs with.
    public interface Keys {
        /// @throws Fault if nothing can be signed now
        DkimKey signing(String domain);
    }

    /// Why something is said: one occasion is told an account once.
    ///
    /// @param key says which it is, among all of its kind: `back-1795428000000`, `compensation-12`
    /// @param at when it came to be told: the message's date; the same at each try
    public record Occasion(String key, Instant at) {}

    /// What became of it.
    public enum Told {
        /// It is in the mailbox, or waits for it safely.
        TOLD,
        /// There is nobody to tell: the account is closed or erased, or its brand has no domain.
        NOBODY,
        /// It could not be kept anywhere now; to be tried again.
        LATER
    }

    /// Tells an account's owner what `words` say in their language, once for each occasion.
    ///
    /// @param words given the language and the brand
    /// @throws IllegalArgumentException if the words hold something to click
    public Told tell(AccountId id, Occasion occasion, BiFunction<Language, Brand, Words> words) {
        try {
            Optional<Account> account = directory.account(id).filter(Account::active);
            Optional<Brand> brand = account.flatMap(one -> directory.brand(one.brand()));
            List<String> domains = brand.map(one -> directory.domains(one.name())).orElse(List.of());
            if (account.isEmpty() || brand.isEmpty() || domains.isEmpty()) return Told.NOBODY;
            Language language = Language.of(account.get().language());
            ArrivalId arrival = arrival(id, occasion);
            Words said = words.apply(language, brand.get());
            byte[] mail = written(account.get(), Address.of(account.get().displayName(), account.get()
                    .address()), brand.get(), domains.getFirst(), arrival, occasion.at(), said);
            var trace = new Trace(hostName, InetAddress.getLoopbackAddress(), hostName, "local",
                    arrival.toString(),
                    clock.now(), true);
            var recipient = new Recipient.Local(account.get().address(), id, "", Long.MAX_VALUE);
            DeliveryOutcome outcome = delivery.once(recipient, trace, Content.of(mail), arrival);
            if (!outcome.accepted()) return Told.LATER;
            Log.event(Event.VOICE_TOLD, "account", id, "occasion", occasion.key(), "outcome",
                    outcome.label());
            return Told.TOLD;
        } catch (Fault fault) {
            Log.event(Event.VOICE_NOT_TOLD, fault, "account", id, "occasion", occasion.key());
            return Told.LATER;
        }
    }

    /// Returns what a brand says to an owner at an address elsewhere, signed, for whoever sends it there; empty where the brand has no
    /// domain. Its `Message-ID` comes from the occasion: sent twice it is the same message.
    ///
    /// @throws Fault if nothing can be signed now
    public Optional<byte[]> outside(Account account, String to, Occasion occasion, Words words) {
        Optional<Brand> brand = directory.brand(account.brand());
        List<String> domains = brand.map(one -> directory.domains(one.name())).orElse(List.of());
        if (brand.isEmpty() || domains.isEmpty()) return Optional.empty();
        ArrivalId arrival = arrival(account.id(), occasion);
        var reader = Address.of(account.displayName(), to);
        return Optional.of(written(account, reader, brand.get(), domains.getFirst(), arrival, occasion.at(),
                words));
    }

    /// Returns the arrival of what an occasion tells an account: the same each time it is asked.
    static ArrivalId arrival(AccountId id, Occasion occasion) {
        return ArrivalId.derived(occasion.at().toEpochMilli(),
                Sha256.of(("casella.voice " + id + " " + occasion.key()).getBytes(UTF_8)));
    }

    private byte[] written(
            Account account, Address reader, Brand brand, String domain, ArrivalId arrival, Instant at,
                    Words words) {
        Language language = Language.of(account.language());
        byte[] mail = new Compose()
                .from(Address.of(brand.title(), LOCAL_PART + "@" + domain))
                .to(reader)
                .subject(words.subject())
                .date(at.atOffset(ZoneOffset.UTC))
                .messageId(arrival + "@" + domain)
                .field(DraftField.text("Auto-Submitted", "auto-generated"))
                .text(text(words, language, brand))
                .draft()
                .bytes();
        return DkimSigner.sign(mail, keys.signing(domain), SIGNED, at);
    }

    private static final Map<Language, String> NEVER = Map.of(
            Language.ITALIAN,
                    "Questo messaggio non contiene collegamenti. Non ti chiediamo mai di cliccare su qualcosa n\u00e9 di"
                    + " scrivere la tua password: se un messaggio a nome di %s te lo chiede, non \u00e8 nostro.",
            Language.ENGLISH,
                    "There are no links in this message. We never ask you to click on anything or to write your"
                    + " password: a message in the name of %s that asks for it is not from us.");

    private static final Map<Language, String> ALONE = Map.of(
            Language.ITALIAN, "Il messaggio \u00e8 partito in automatico e nessuno legge le risposte.",
            Language.ENGLISH, "This message was sent automatically, and nobody reads answers to it.");

    private static String text(Words words, Language language, Brand brand) {
        String name = Words.said(brand.title());
        var out = new StringBuilder();
        for (String paragraph : words.paragraphs()) wrapped(out, paragraph);
        wrapped(out, String.format(NEVER.getOrDefault(language, ""), name));
        wrapped(out, ALONE.getOrDefault(language, ""));
        return out.append(name).append('\n').toString();
    }

    private static void wrapped(StringBuilder out, String paragraph) {
        int column = 0;
        for (String word : paragraph.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > LINE_CHARS) {
                out.append('\n');
                column = 0;
            }
            if (column > 0) out.append(' ');
            out.append(word);
            column += word.length() + (column > 0 ? 1 : 0);
        }
        out.append("\n\n");
    }
}
