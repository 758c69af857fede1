package casella.server.config;

import java.time.Duration;
import java.util.List;

/// The `incoming` section: what is done with mail of strangers.
///
/// @param dmarcReject `reject`, `junk` or `none`: with mail that its domain wants rejected
/// @param dmarcQuarantine `junk` or `none`: with mail that its domain wants put aside
/// @param fromField `reject`, `junk` or `none`: with mail that has no From field, or two
/// @param trustedSealers domains whose ARC seals are believed, in lower case
/// @param dnsbl lists in the DNS of those whose mail is not wanted: `zone`, or `zone=points`
/// @param dnsblPoints from how many points on a peer's mail is refused
/// @param dnswl lists in the DNS of those whose mail is wanted
/// @param connectionsPerMinute of one network: IPv4 address or IPv6 /64
/// @param messagesPerMinute as above
/// @param recipientsPerMinute as above
/// @param unknownSlow recipients whom nobody has, of one network in ten minutes, before replies are slow
/// @param unknownMax as above, before the connection is ended
/// @param tarpitMax connections that are kept waiting at a time
/// @param greylisting whether who is new has to come again
/// @param greylistWait after how long
public record IncomingSection(
        String dmarcReject, String dmarcQuarantine, String fromField, List<String> trustedSealers,
        List<String> dnsbl, int dnsblPoints, List<String> dnswl, int connectionsPerMinute,
        int messagesPerMinute, int recipientsPerMinute, int unknownSlow, int unknownMax, int tarpitMax,
        boolean greylisting, Duration greylistWait) {
    private static final int MOST = 100_000_000;

    static final String ABOUT = "What is done with mail of strangers (docs/operations/abuse.md).";

    static IncomingSection read(Section in) {
        String reject = in.word("dmarc-reject", List.of("reject", "junk", "none"))
                .means("What becomes of mail that fails DMARC where its domain wants it rejected (RFC 7489): refused at the end of"
                        + " DATA, put into Junk, or taken as any other.")
                .orElse("reject");
        String quarantine = in.word("dmarc-quarantine", List.of("junk", "none"))
                .means("What becomes of mail that fails DMARC where its domain wants it put aside.")
                .orElse("junk");
        String from = in.word("from-field", List.of("reject", "junk", "none"))
                .means("What becomes of mail without a From field, or with two (RFC 5322 §3.6): nobody can be asked about it, and people"
                        + " are shown whichever their program likes.")
                .orElse("reject");
        List<String> sealers = in.texts("trusted-sealers")
                .means("Domains, as in `d=` of their seals, whose word (ARC, RFC 8617) that a mail passed DMARC when it came to them is"
                        + " believed: forwarders and mailing lists one knows.")
                .orElse(List.of());
        for (String sealer : sealers) {
            if (!sealer.matches("[a-z0-9.-]{1,253}")) {
                in.problem("trusted-sealers", "must be domains in lower case, not `" + sealer + "`");
            }
        }
        return new IncomingSection(
                reject, quarantine, from, sealers,
                lists(in, "dnsbl", "[a-z0-9.-]{1,200}(=[1-9][0-9]?)?", "zones, or zone=points with 1 to 99",
                        "Lists in the DNS (RFC 5782) of addresses whose mail is not wanted: `zone`, or `zone=points` (1 where nothing is"
                                + " said). A peer on them gets 554 at RCPT; a list that is dead counts for nothing."),
                Section.between(in.number("dnsbl-points"), 1, 99)
                        .means("From how many points of all lists on mail is refused.")
                        .orElse(1),
                lists(in, "dnswl", "[a-z0-9.-]{1,200}", "zones",
                        "Lists in the DNS of addresses whose mail is wanted: for them neither the other lists nor greylisting count."),
                Section.between(in.number("connections-per-minute"), 1, MOST)
                        .means("Connections of one stranger (IPv4 address, IPv6 /64) at the SMTP port in a minute; more get 421.")
                        .orElse(600),
                Section.between(in.number("messages-per-minute"), 1, MOST)
                        .means("Messages of one stranger in a minute; more get 450.")
                        .orElse(3_000),
                Section.between(in.number("recipients-per-minute"), 1, MOST)
                        .means("Recipients of one stranger in a minute; more get 450.")
                        .orElse(10_000),
                Section.between(in.number("unknown-slow"), 1, MOST)
                        .means("Recipients whom nobody has that one stranger may name in ten minutes before each reply to one more takes"
                                + " five seconds.")
                        .orElse(50),
                Section.between(in.number("unknown-max"), 1, MOST)
                        .means("As above, before the connection is ended (421).")
                        .orElse(500),
                Section.between(in.number("tarpit-connections-max"), 0, 100_000)
                        .means("Connections that are kept waiting at a time; beyond it they are ended.")
                        .orElse(500),
                in.yesNo("greylisting")
                        .means("Whether who was never seen (network, sender's domain, recipient) gets 451 and has to come again. Never domains that"
                                + " proved a mail theirs, nor while mail waits here.")
                        .orElse(false),
                Section.between(in.duration("greylist-wait"), Duration.ofMinutes(1), Duration.ofHours(4))
                        .means("After how long who is new is let in.")
                        .orElse(Duration.ofMinutes(5)));
    }

    private static List<String> lists(Section in, String key, String form, String rule, String meaning) {
        List<String> zones = in.texts(key).means(meaning).orElse(List.of());
        for (String zone : zones) {
            if (!zone.matches(form)) in.problem(key, "must be " + rule + ", not `" + zone + "`");
        }
        return zones;
    }
}
