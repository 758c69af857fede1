package casella.server.incident;

import casella.base.Clock;
import casella.base.Given;
import casella.base.Notices;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.Publisher;
import casella.incident.Words;
import casella.incident.status.StatusSite;
import casella.incident.availability.Availability;
import casella.incident.complaint.Complaints;
import casella.jmap.PublicForm;
import casella.jmap.PublicPages;
import casella.server.Closing;
import casella.server.config.Config;
import casella.server.config.IncidentSection;
import casella.server.control.Operations;
import casella.server.health.Doctor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The desk of a running server. It stands on its own database and the directory; no engine and no vault is asked for anything.
public final class IncidentDesk implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Desk desk;
    private final Directory directory;
    private final Incidents incidents;
    private final StatusPages pages;
    private final Publisher publisher;
    private final Line line;
    private final Complaints complaints;
    private final Clock clock;
    private final Supplier<List<Doctor.Finding>> findings;

    private IncidentDesk(
            Config config, Desk desk, Directory directory, Availability availability,
            Supplier<List<Doctor.Finding>> findings, Clock clock)
            throws IOException {
        this.desk = desk;
        this.directory = directory;
        this.findings = findings;
        this.line = line(config.incident());
        this.incidents = new Incidents(desk, clock, line, new NamedCohorts(directory::cohort));
        this.complaints = new Complaints(desk, clock, config.incident().complaintsWithin(),
                config.incident().complaintsKept());
        this.clock = clock;
        Uptimes uptimes = opened(new Uptimes(availability, directory, clock).start());
        this.pages = new StatusPages(incidents, () -> Measured.of(findings.get()), uptimes::of, line,
                config.incident().complaintForms(), clock);
        this.publisher = opened(new Publisher(incidents, channels(config.incident()), clock));
    }

    /// @param desk stays whoever opened it's to close
    /// @param findings what is wrong, as health sees it; must answer at once
    /// @throws IOException if a file that the `incident` section names cannot be read
    public static IncidentDesk start(Config config, Desk desk, Directory directory, Availability availability,
            Supplier<List<Doctor.Finding>> findings, Clock clock)
            throws IOException {
        var made = new IncidentDesk(config, desk, directory, availability, findings, clock);
        made.publisher.start();
        return made;
    }

    private static Line line(IncidentSection section) {
        Map<String, Line.Contact> contacts = new HashMap<>();
        section.contacts().forEach((brand, parts) ->
                contacts.put(brand, new Line.Contact(parts.get(0), new Words(parts.get(1), parts.get(2)))));
        return new Line(section.zone(), contacts);
    }

    private List<Publisher.Channel> channels(IncidentSection section) throws IOException {
        var channels = new ArrayList<Publisher.Channel>();
        section.statusFolder().ifPresent(folder ->
                channels.add(opened(new StatusFolder(folder, pages, directory::brands))));
        String token = section.webhookToken().isEmpty() ? ""
                : Files.readString(section.webhookToken().get()).strip();
        section.webhooks().forEach((name, uri) ->
                channels.add(new NoticeWebhook(name, uri, token, line, directory::brands)));
        return channels;
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    /// Returns what owners are told.
    public Notices notices() {
        return incidents;
    }

    /// Returns the status pages of the brand that a host belongs to, the first brand's for any other.
    public PublicPages statusPages() {
        return (host, path) -> {
            Optional<Brand> brand = directory.brandOfHost(host)
                    .or(() -> directory.brands().stream().findFirst());
            if (brand.isEmpty()) return Optional.empty();
            String name = path.isEmpty() || path.endsWith("/") ? path + "index.html" : path;
            StatusSite.File file = pages.of(brand.get()).get(name);
            return file == null ? Optional.empty()
                    : Optional.of(new PublicPages.Page(file.type(), file.bytes()));
        };
    }

    /// Returns the form in which anybody complains.
    public PublicForm complaintForm() {
        return new ComplaintForm(complaints, directory, line, pages::form, clock);
    }

    public Complaints complaints() {
        return complaints;
    }

    /// Returns what carries out orders on complaints, and hands all others to `operations`.
    public ComplaintOrders complaintOrders(Operations operations, Registrar registrar,
            Availability availability, Given given) {
        return new ComplaintOrders(operations, complaints, incidents, registrar, availability, given,
                line.zone(),
                clock);
    }

    /// Returns what gives out what the desk knows and publishes what was learned, and hands all other orders to `operations`.
    public Operations deskOrders(Operations operations, Registrar registrar, Availability availability,
            CompensationDesk compensation) {
        var giving = new DeskOrders(operations, this, registrar, availability, compensation,
                new SettingsKept(desk, clock), clock);
        return new PostMortemOrders(giving, incidents);
    }

    /// Returns an incident; empty where there is none of that number.
    public Optional<Incident> incident(long id) {
        return incidents.incident(id);
    }

    Incidents incidents() {
        return incidents;
    }

    Directory directory() {
        return directory;
    }

    public Line line() {
        return line;
    }

    List<Doctor.Finding> findings() {
        return findings.get();
    }

    List<String> channels() {
        return publisher.channels();
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
