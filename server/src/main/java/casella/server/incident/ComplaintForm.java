package casella.server.incident;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Sha256;
import casella.directory.Account;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Resolution;
import casella.incident.Line;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.ComplaintPages;
import casella.incident.complaint.ComplaintPages.Form;
import casella.incident.complaint.Complaints;
import casella.jmap.PublicForm;
import casella.jmap.PublicPages;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The form in which anybody complains. What is filled in twice on a day is one case.
final class ComplaintForm implements PublicForm {
    private static final int EACH = 10;
    private static final int ALL = 3_000;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Complaints complaints;
    private final Directory directory;
    private final Line line;
    private final Clock clock;
    private final Turnstile turnstile;
    private final UnaryOperator<String> at;

    /// @param at where the form of a brand is, by its name; empty for none
    ComplaintForm(Complaints complaints, Directory directory, Line line, UnaryOperator<String> at,
            Clock clock) {
        this.at = at;
        this.complaints = complaints;
        this.directory = directory;
        this.line = line;
        this.clock = clock;
        this.turnstile = new Turnstile(EACH, ALL, WINDOW, clock);
    }

    @Override
    public String at(String brand) {
        return at.apply(brand);
    }

    @Override
    public Answer show(String host, String language) {
        return answer(200, pages(host, language).form(Form.EMPTY, ""));
    }

    @Override
    public Answer take(String host, String language, Map<String, String> fields, InetAddress from) {
        ComplaintPages pages = pages(host, language);
        Form form = Form.of(fields);
        Received received;
        try {
            received = received(pages, form);
        } catch (IllegalArgumentException e) {
            return answer(422, pages.form(form, wrong(pages.language(), String.valueOf(e.getMessage()))));
        }
        if (!turnstile.enter(from)) return answer(429, pages.busy());
        try {
            return answer(200, pages.taken(complaints.open(key(form), received)));
        } catch (Fault e) {
            Log.event(Event.COMPLAINTS_NOT_READ, e, "brand", pages.brand());
            return answer(503, pages.busy());
        }
    }

    private ComplaintPages pages(String host, String language) {
        Optional<Brand> brand = directory.brandOfHost(host).or(() -> directory.brands().stream().findFirst());
        return new ComplaintPages(brand.map(Brand::name).orElse("casella"),
                brand.map(Brand::title).orElse("Casella"),
                language.equals("en") ? "en" : "it", line);
    }

    private Received received(ComplaintPages pages, Form form) {
        Complaint.Person person = form.person();
        if (person.name().isEmpty()) throw new IllegalArgumentException("name: must not be empty");
        if (form.mailbox().isEmpty()
                || form.mailbox().length() > 254) throw new IllegalArgumentException(
                "mailbox: must be an address");
        Optional<Account> account = account(form.mailbox());
        String contact = person.contact().isEmpty() ? form.mailbox() : person.contact();
        return new Received(clock.now(), Channel.FORM, Category.of(form.category()), pages.brand(),
                account.map(one -> one.id().toString()).orElse(null),
                        new Complaint.Person(person.name(), contact),
                form.mailbox(), form.text(), pages.language(), "", "", "");
    }

    /// A mailbox that is none, or a directory that is away, is no reason to turn anybody away.
    private Optional<Account> account(String address) {
        try {
            return Optional.ofNullable(directory.resolve(address).mailbox()).map(Resolution.Local::account);
        } catch (Fault e) {
            return Optional.empty();
        }
    }

    private String key(Form form) {
        Instant day = clock.now().truncatedTo(ChronoUnit.DAYS);
        String all = String.join("\0", day.toString(), form.mailbox(), form.name(), form.contact(),
                form.category(), form.text());
        return "form-" + Sha256.of(all.getBytes(StandardCharsets.UTF_8));
    }

    private static String wrong(String language, String why) {
        boolean italian = language.equals("it");
        String field = why.substring(0, Math.max(0, why.indexOf(':')));
        return switch (field) {
            case "mailbox" -> italian ? "Scrivi l’indirizzo della casella di cui si tratta."
                    : "Write the address of the mailbox it is about.";
            case "name" -> italian ? "Scrivi il tuo nome, su una riga sola e al massimo di 200 caratteri."
                    : "Write your name, on one line and of at most 200 characters.";
            case "contact" -> italian
                    ? "Scrivi dove possiamo risponderti su una riga sola, al massimo di 300 caratteri."
                    : "Write where we can answer on one line, of at most 300 characters.";
            case "text" -> italian ? "Scrivi che cosa è successo, al massimo in 8.000 caratteri."
                    : "Write what happened, in at most 8,000 characters.";
            default -> italian ? "Qualcosa non va in quello che hai scritto. Controlla e riprova."
                    : "Something is wrong with what you wrote. Please look and try again.";
        };
    }

    private static Answer answer(int status, String html) {
        return new Answer(status,
                new PublicPages.Page("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)));
    }
}
