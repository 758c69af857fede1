package casella.server.incoming;

import casella.authenticity.Arc;
import casella.authenticity.Findings;
import casella.delivery.Disposition;
import casella.message.Headers;
import casella.server.config.IncomingSection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Says what becomes of mail that is not from whom it says, as its domain wishes (RFC 7489) and the operators allow.
/// ARC: RFC 8617 §7.2.1.
///
/// @param reject what is done where the domain wants a mail rejected
/// @param quarantine what is done where it wants it put aside
/// @param fromField what is done with mail of which nobody can say whose it is
/// @param sealers domains whose seals are believed, in lower case
record Strictness(Deed reject, Deed quarantine, Deed fromField, Set<String> sealers) {
    private static final Pattern COMMENT_OR_QUOTED = Pattern.compile("\\([^()]*\\)|\"(\\\\.|[^\"\\\\])*\"");

    enum Deed {
        REJECT, JUNK, NONE;

        static Deed of(String word) {
            return Arrays.stream(values()).filter(deed -> deed.name().equalsIgnoreCase(word)).findAny()
                    .orElseThrow(() -> new IllegalArgumentException(word));
        }
    }

    static Strictness of(IncomingSection in) {
        return new Strictness(Deed.of(in.dmarcReject()), Deed.of(in.dmarcQuarantine()),
                Deed.of(in.fromField()), Set.copyOf(in.trustedSealers()));
    }

    /// Returns what becomes of a mail by its header alone. RFC 5322 §3.6: From is there once.
    Disposition of(Headers header) {
        int count = header.all("From").size();
        if (count == 1) return new Disposition.Inbox();
        String text = count == 0 ? "The message has no From field" : "The message has more than one From field";
        return switch (fromField) {
            case REJECT -> new Disposition.Refuse(550, "5.6.0", text + " (RFC 5322 section 3.6)");
            case JUNK -> new Disposition.Junk(text);
            case NONE -> new Disposition.Inbox();
        };
    }

    /// Returns what becomes of a mail by what was found out. What From's own domain did not say in time is held against nobody.
    Disposition of(Findings found) {
        String domain = found.dmarc().domain();
        return switch (found.dmarc().disposition()) {
            case NONE -> new Disposition.Inbox();
            case QUARANTINE -> passedBefore(found) ? new Disposition.Inbox() : done(quarantine, domain);
            case REJECT -> passedBefore(found) ? new Disposition.Inbox() : done(reject, domain);
        };
    }

    private static Disposition done(Deed deed, String domain) {
        return switch (deed) {
            case REJECT -> new Disposition.Refuse(550, "5.7.1", "Refused by the DMARC policy of " + domain
                    + ": neither SPF nor DKIM shows that the message is from there");
            case JUNK -> new Disposition.Junk("DMARC policy of " + domain);
            case NONE -> new Disposition.Inbox();
        };
    }

    /// Says whether somebody believed had the mail and found that it passed. All hands after that one must be believed too: any
    /// could have put another mail behind the seals before it, since only the last signature is over the mail as it came.
    private boolean passedBefore(Findings found) {
        List<Arc.Hand> hands = found.arc().hands();
        if (found.arc().status() != Arc.Status.PASS) return false;
        for (Arc.Hand hand : hands.reversed()) {
            if (!sealers.contains(hand.sealer())) return false;
            if (passed(hand.results(), found.dmarc().domain())) return true;
        }
        return false;
    }

    /// Says whether `results` say that DMARC passed for that From. RFC 7601 §2.2: a result a part, its properties behind it.
    static boolean passed(String results, String domain) {
        for (String part : bare(results).split(";")) {
            List<String> words = List.of(part.strip().toLowerCase(Locale.ROOT).split("\\s+"));
            if (!words.getFirst().equals("dmarc=pass")) continue;
            Optional<String> from = words.stream().filter(word -> word.startsWith("header.from=")).findAny();
            if (from.isEmpty() || from.get().equals("header.from=" + domain)) return true;
        }
        return false;
    }

    /// Returns `results` without comments and quoted strings, in which anybody's words may stand.
    private static String bare(String results) {
        String before;
        String after = results;
        do {
            before = after;
            after = COMMENT_OR_QUOTED.matcher(before).replaceAll(" ");
        } while (!after.equals(before));
        return after;
    }
}
