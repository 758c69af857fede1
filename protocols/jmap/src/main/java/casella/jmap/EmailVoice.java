package casella.jmap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import casella.authenticity.BrandClaim;
import casella.authenticity.DkimVerifier;
import casella.authenticity.DkimVerifier.Result;
import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The property `voice` of an Email, of our extension ([Capability#SERVICE]): whether the mail speaks in the name of the brand the
/// account belongs to, and whether it is the brand's. Worked out from the stored bytes each time it is asked for; nothing that a
/// sender could write says it.
///
/// ```text
/// voice   "genuine"    the brand's own message to this owner: signed with the brand's key over these bytes
///         "pretended"  it claims to be the brand's, and is not
///         null         it claims nothing; or its bytes cannot be had now
/// ```
///
/// What claims: the address of the brand's own messages; an address in a domain of the brand that nobody has; a domain
/// that reads like one of the brand's; a name with the brand's title in it. An owner's own mail does not, and neither does mail that an
/// account of the cohort `staff` submitted under its own address. docs/decisions/0149.
final class EmailVoice {
    static final String PROPERTY = "voice";
    /// Emails of one call that are looked at.
    static final int EMAILS_MAX = 100;

    /// The brand's own messages are a few kibibytes.
    private static final int GENUINE_BYTES_MAX = 256 << 10;
    private static final int TRACE_BYTES = 4 << 10;
    private static final Duration TIME = Duration.ofSeconds(5);

    private final Call call;
    private final Account account;
    private final Directory directory;
    private final @Nullable BrandClaim known;

    private EmailVoice(Call call, Account account, @Nullable BrandClaim known) {
        this.call = call;
        this.account = account;
        this.directory = call.parts().directory();
        this.known = known;
    }

    /// Returns what judges the emails of an account: nothing of one whose brand is not known.
    static EmailVoice of(Call call, Account account) {
        Directory directory = call.parts().directory();
        Optional<Brand> brand = directory.brand(call.caller().brand());
        return new EmailVoice(call, account, brand
                .map(one -> new BrandClaim(one.title(), directory.domains(one.name()))).orElse(null));
    }

    /// Returns the word, or null.
    @Nullable String word(Email email, @Nullable Summary summary) {
        BrandClaim brand = known;
        if (brand == null || summary == null) return null;
        List<Address.Mailbox> from = Address.flat(summary.envelope().from());
        try {
            for (Address.Mailbox one : from) {
                boolean notices = brand.owns(one.domain()) && one.local().equalsIgnoreCase(Directory.NOTICES);
                if (notices && from.size() == 1 && genuine(brand, email, summary)) return "genuine";
                if (notices || pretends(brand, email, one)) return "pretended";
            }
            return null;
        } catch (Fault e) {
            return null;
        }
    }

    private boolean genuine(BrandClaim brand, Email email, Summary summary) {
        boolean toOwner = Address.flat(summary.envelope().to()).stream().anyMatch(to -> own(to.email()));
        if (!toOwner || email.size() > GENUINE_BYTES_MAX) return false;
        byte[] mail = MailBytes.whole(account, email);
        DkimVerifier.Keys keys = call.parts().brandKeys();
        return call.parts().cpu().call(TIME, () -> DkimVerifier.verify(mail, keys)).stream()
                .anyMatch(result -> result instanceof Result.Valid(String domain, var _) && brand.owns(domain));
    }

    private boolean pretends(BrandClaim brand, Email email, Address.Mailbox from) {
        boolean named = brand.named(from.name());
        if (brand.looksOwned(from.domain())) return true;
        if (!brand.owns(from.domain())) return named;
        Optional<AccountId> owner = switch (directory.resolve(from.email())) {
            case Resolution.Local local -> Optional.of(local.account().id());
            case Resolution.Forwarded(_, Resolution.Local own, _) -> Optional.ofNullable(own)
                    .map(local -> local.account().id());
            case Resolution.Disabled(AccountId id) -> Optional.of(id);
            case Resolution.Unknown _, Resolution.NotOurs _ -> Optional.empty();
        };
        // Nobody has this address: it can only speak for the house.
        if (owner.isEmpty()) return true;
        if (!named) return false;
        Door door = door(email);
        String sender = door.submittedBy();
        boolean submitted = sender != null && submittedBy(sender, owner.get());
        if (owner.get().equals(account.id())) return door.delivered() && !submitted;
        return !submitted || !directory.cohort(owner.get()).equals(Optional.of("staff"));
    }

    private boolean own(String address) {
        return directory.maySendAs(account.id(), address);
    }

    private boolean submittedBy(String sender, AccountId owner) {
        return directory.maySendAs(owner, sender);
    }

    /// By which door a mail came, as the trace fields say that a delivery writes before everything else.
    ///
    /// @param delivered whether it was delivered; else its owner put it there
    /// @param submittedBy the sender, who proved to be who submitted it; null for mail from elsewhere
    private record Door(boolean delivered, @Nullable String submittedBy) {}

    private Door door(Email email) {
        Body body = account.body(email, 0, Math.min(email.size(), TRACE_BYTES));
        byte[] head = switch (body) {
            case Body.Present(byte[] bytes) -> bytes;
            case Body.Unavailable(Fault why) -> throw why;
        };
        List<HeaderField> fields = Headers.of(head).all();
        if (fields.size() < 2 || !fields.get(0).is("Return-Path") || !fields.get(1).is("Received")) return new Door(false, null);
        String received = new String(fields.get(1).value(), ISO_8859_1).strip().toLowerCase(Locale.ROOT);
        String path = fields.get(0).asText().strip();
        boolean submitted = received.matches("from \\S+ \\(authenticated submission\\)\\s+by (?s:.*)");
        boolean bracketed = path.length() > 2 && path.startsWith("<") && path.endsWith(">");
        return new Door(true, submitted && bracketed ? path.substring(1, path.length() - 1) : null);
    }
}
