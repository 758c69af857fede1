package casella.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `incident` section: what people are told when something is wrong, and where.
///
/// @param backMessageAfter how long an owner must have had less than always to be told by mail that all is back
/// @param zone in which times are said
/// @param contacts of each brand, under the empty name that of all others: phone, hours in Italian, hours in English
/// @param secondAddresses whether owners may keep an address elsewhere at which they ask for news, sent over `alerts.relay`
/// @param statusFolder where the status pages are written at each change, a folder for each brand
/// @param webhooks where the short text goes, by a name: `social`, `sms`, `press`
/// @param complaintsWithin how long after it came a complaint must be answered
/// @param complaintMailboxes each brand's address for complaints: a mailbox of ours
/// @param complaintForms where each brand's form for complaints is, under the empty name that of all others: a folder of ours or a URL
/// @param complaintsKept how long after it was closed a complaint is kept
/// @param webhookToken file with what is sent as a bearer token
public record IncidentSection(
        Duration backMessageAfter,
        ZoneId zone,
        Map<String, List<String>> contacts,
        Duration complaintsWithin,
        Map<String, String> complaintMailboxes,
        Map<String, String> complaintForms,
        Duration complaintsKept,
        boolean secondAddresses,
        Optional<Path> statusFolder,
        Map<String, URI> webhooks,
        Optional<Path> webhookToken) {

    static final String ABOUT =
            "What people are told when something is wrong, and where. `casella incident` opens one.";

    private static final Pattern CONTACT =
            Pattern.compile("(\\*|[a-z0-9-]{1,32}):([^;]{3,40});([^;]{1,80});([^;]{1,80})");
    private static final Pattern MAILBOX =
            Pattern.compile("([a-z0-9-]{1,32}): ?([^\\s@]{1,64}@[^\\s@]{1,253})");
    private static final Pattern FORM =
            Pattern.compile("(\\*|[a-z0-9-]{1,32}): ?((?:https://[!-~&&[^<>\"']]+)?/(?:[!-~&&[^<>\"']]*/)?)");
    private static final Pattern WEBHOOK = Pattern.compile(
            "([a-z0-9-]{1,32})=(https://[!-~]+|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?(?:/[!-~]*)?)");

    static IncidentSection read(Section in, AlertsSection alerts) {
        Duration after = Section.between(in.duration("back-message-after"), Duration.ofSeconds(1),
                Duration.ofDays(7))
                .means("How long an owner must have had less than always (folders closed, mails that cannot be opened) to get the"
                        + " brand's signed message when all is back.")
                .orElse(Duration.ofMinutes(15));
        String name = in.text("zone")
                .must(IncidentSection::zone, "a time zone like Europe/Rome")
                .means("The time zone in which times are said.")
                .orElse("Europe/Rome");
        List<String> contacts = in.texts("contacts")
                .means("Whom the owners of a brand may call: `posta: 800 100 200; tutti i giorni 8–20; every day 8–20`; with `*` for all others.")
                .orElse(List.of());
        Duration within = Section.between(in.duration("complaints-within"), Duration.ofHours(1),
                Duration.ofDays(365))
                .means("How long after it came a complaint must be answered; whoever complains is told the day.")
                .orElse(Duration.ofDays(45));
        List<String> mailboxes = in.texts("complaint-mailboxes")
                .means("Each brand's mailbox for complaints, one of ours: `posta: reclami@posta.example`. What comes there becomes a case.")
                .orElse(List.of());
        List<String> forms = in.texts("complaint-forms")
                .means("Where each brand's form for complaints is, with `it/` and `en/` below it: linked from its status pages and its log-in page."
                        + " `posta: https://posta.example/complaints/`; with `*` for all others; a path is one of this server, and not on copies"
                        + " of the status pages. A brand that is not named has no link.")
                .orElse(List.of("*: /complaints/"));
        Duration kept = Section.between(in.duration("complaints-kept"), Duration.ofDays(30),
                Duration.ofDays(36_500))
                .means("How long after it was closed a complaint is kept; then all of it is erased. Ten years: the ordinary limitation in Italy"
                        + " (art. 2946 c.c.).")
                .orElse(Duration.ofDays(3_653));
        boolean second = in.yesNo("second-addresses")
                .means("Whether owners may keep an address elsewhere, at which they ask for news of a mailbox they cannot open, below `/news/`."
                        + " Sent over alerts.relay.")
                .orElse(false);
        if (second && alerts.relay().isEmpty()) in.problem("second-addresses", "needs alerts.relay");
        Path none = Path.of("");
        Path folder = in.path("status-folder")
                .means("Where the status pages are written at each change, a folder for each brand, to be served from elsewhere.")
                .orElse(none, "none");
        List<String> webhooks = in.texts("webhooks")
                .means("Where each notice goes in 280 characters, as JSON: `social=https://…`, `sms=https://…`, `press=https://…`.")
                .orElse(List.of());
        Path token = in.path("webhook-token")
                .means("File with what is sent as a bearer token with it.")
                .orElse(none, "none");
        return new IncidentSection(
                after,
                ZoneId.of(name),
                contacts(in, contacts),
                within,
                mailboxes(in, mailboxes),
                forms(in, forms),
                kept,
                second,
                folder.equals(none) ? Optional.empty() : Optional.of(folder),
                webhooks(in, webhooks),
                token.equals(none) ? Optional.empty() : Optional.of(token));
    }

    private static boolean zone(String name) {
        try {
            ZoneId.of(name);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Map<String, List<String>> contacts(Section in, List<String> lines) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher match = CONTACT.matcher(line);
            if (!match.matches()) {
                in.problem("contacts", "must be BRAND: PHONE; HOURS IN ITALIAN; HOURS IN ENGLISH");
                continue;
            }
            List<String> parts = new ArrayList<>();
            for (int i = 2; i <= 4; i++) parts.add(match.group(i).strip());
            found.put(match.group(1).equals("*") ? "" : match.group(1), List.copyOf(parts));
        }
        return found;
    }

    private static Map<String, String> mailboxes(Section in, List<String> lines) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher match = MAILBOX.matcher(line);
            if (match.matches()) found.put(match.group(1), match.group(2));
            else in.problem("complaint-mailboxes", "must be BRAND: ADDRESS");
        }
        return found;
    }

    private static Map<String, String> forms(Section in, List<String> lines) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher match = FORM.matcher(line);
            if (match.matches()) found.put(match.group(1).equals("*") ? "" : match.group(1), match.group(2));
            else in.problem("complaint-forms",
                    "must be BRAND: FOLDER, a path or an https URL that ends with /");
        }
        return found;
    }

    private static Map<String, URI> webhooks(Section in, List<String> lines) {
        Map<String, URI> found = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher match = WEBHOOK.matcher(line);
            if (match.matches()) found.put(match.group(1), URI.create(match.group(2)));
            else in.problem("webhooks",
                    "must be NAME=URL, with an https URL, or an http URL of this machine");
        }
        return found;
    }
}
