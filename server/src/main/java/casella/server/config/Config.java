package casella.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything the server is told, one record for each section.
public record Config(
        DataConfig data,
        ListenConfig listen,
        TlsConfig tls,
        MailConfig mail,
        SmtpSection smtp,
        SubmissionSection submission,
        IncomingSection incoming,
        ImapSection imap,
        Pop3Section pop3,
        HttpSection http,
        AccessConfig access,
        StoreConfig store,
        QueueConfig queue,
        DnsConfig dns,
        PublishSection publish,
        RelaySection relay,
        ScanningSection scanning,
        LogConfig log,
        AlertsSection alerts,
        IncidentSection incident) {

    /// What comes of reading a file.
    public sealed interface Loaded {
        record Good(Config config) implements Loaded {}

        /// @param problems at least one, in the order of their lines
        record Bad(List<Problem> problems) implements Loaded {}
    }

    /// What the command line and the environment say, which goes before the file.
    ///
    /// @param data the data folder; null for the file's or `./casella-data`
    /// @param portOffset 0 for the file's
    public record Overrides(@Nullable Path data, int portOffset) {}

    /// Returns what `file` says.
    public static Loaded file(Path file, Overrides overrides) {
        var problems = new ArrayList<Problem>();
        return load(Source.file(file, problems), problems, overrides);
    }

    /// Returns what `yaml` says.
    public static Loaded text(String yaml, Overrides overrides) {
        var problems = new ArrayList<Problem>();
        return load(Source.text(yaml, problems), problems, overrides);
    }

    /// Returns the configuration of an empty file.
    public static Config empty(Path folder) {
        return new Reading(Map.of(), new ArrayList<>()).read(new Overrides(folder, 0));
    }

    /// Returns every section with its keys, as an empty file reads.
    public static List<Section> sections() {
        var reading = new Reading(Map.of(), new ArrayList<>());
        reading.read(new Overrides(null, 0));
        return List.copyOf(reading.sections.values());
    }

    private static Loaded load(Source source, List<Problem> problems, Overrides overrides) {
        var reading = new Reading(source.parts(), problems);
        Config config = reading.read(overrides);
        reading.refuseUnknown();
        if (problems.isEmpty()) return new Loaded.Good(config);
        return new Loaded.Bad(problems.stream().sorted().toList());
    }

    /// One pass over the file.
    private static final class Reading {
        private final Map<String, Source.Part> parts;
        private final List<Problem> problems;
        private final Map<String, Section> sections = new LinkedHashMap<>();

        Reading(Map<String, Source.Part> parts, List<Problem> problems) {
            this.parts = parts;
            this.problems = problems;
        }

        Config read(Overrides overrides) {
            DataConfig data = DataConfig.read(section("data", DataConfig.ABOUT), overrides.data());
            ListenConfig listen = ListenConfig.read(section("listen", ListenConfig.ABOUT),
                    overrides.portOffset());
            TlsConfig tls = TlsConfig.read(section("tls", TlsConfig.ABOUT));
            MailConfig mail = MailConfig.read(section("mail", MailConfig.ABOUT));
            AlertsSection alerts = AlertsSection.read(section("alerts", AlertsSection.ABOUT));
            return new Config(
                    data,
                    listen,
                    tls,
                    mail,
                    SmtpSection.read(section("smtp", SmtpSection.ABOUT), mail),
                    SubmissionSection.read(section("submission", SubmissionSection.ABOUT)),
                    IncomingSection.read(section("incoming", IncomingSection.ABOUT)),
                    ImapSection.read(section("imap", ImapSection.ABOUT)),
                    Pop3Section.read(section("pop3", Pop3Section.ABOUT)),
                    HttpSection.read(section("http", HttpSection.ABOUT)),
                    AccessConfig.read(section("access", AccessConfig.ABOUT)),
                    StoreConfig.read(section("store", StoreConfig.ABOUT)),
                    QueueConfig.read(section("queue", QueueConfig.ABOUT)),
                    DnsConfig.read(section("dns", DnsConfig.ABOUT)),
                    PublishSection.read(section("publish", PublishSection.ABOUT)),
                    RelaySection.read(section("relay", RelaySection.ABOUT)),
                    ScanningSection.read(section("scanning", ScanningSection.ABOUT)),
                    LogConfig.read(section("log", LogConfig.ABOUT)),
                    alerts,
                    IncidentSection.read(section("incident", IncidentSection.ABOUT), alerts));
        }

        private Section section(String name, String about) {
            return sections.computeIfAbsent(name, _ -> {
                Source.Part part = parts.get(name);
                return new Section(name, about, part == null ? Map.of() : part.values(), problems);
            });
        }

        void refuseUnknown() {
            parts.forEach((name, part) -> {
                Section section = sections.get(name);
                if (section != null) {
                    section.refuseUnknown();
                    return;
                }
                Optional<String> near = Section.nearest(name, List.copyOf(sections.keySet()));
                String hint = near.map(other -> "; did you mean " + other + "?").orElse("");
                problems.add(new Problem(part.line(), name, "is no section" + hint));
            });
        }
    }
}
