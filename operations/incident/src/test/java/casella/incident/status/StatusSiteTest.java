package casella.incident.status;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.Entry;
import casella.incident.Entry.Confidence;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import casella.incident.Entry.What;
import casella.incident.Incident;
import casella.incident.Line;
import casella.incident.Words;
import casella.incident.availability.Span;
import casella.incident.status.Component.Condition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the status pages say, and that they say nothing else whatever is written into them.
final class StatusSiteTest {
    private static final Instant NOW = Instant.parse("2023-01-24T10:00:00Z");
    private static final String EVIL = "<script>alert(1)</script>\"'&]]>\u0001<img src=x onerror=y>";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    @Test
    void anOpenIncidentIsSaidFirstWithItsStateItsEstimateAndItsNotices() {
        String page = text(StatusSite.files(facts(List.of(storage()),
                Map.of(Component.READING, Condition.OUTAGE))), "en/index.html");
        assertThat(page).contains("The service is interrupted for many").contains("Mailboxes do not open")
                .contains("Identified")
                .contains("We estimate that it will be over at about 19:00; that may change.")
                .contains("We found it.").contains("Proof: verify of 10:00").contains("800 100 200")
                .contains("<span>Reading</span> <span class=\"outage\">Does not work</span>")
                .contains("<span>Receiving</span> <span class=\"operational\">Works</span>");
        assertThat(page.indexOf("We found it.")).isLessThan(page.indexOf("We look."));
        assertThat(text(StatusSite.files(facts(List.of(storage()), Map.of())), "it/index.html"))
                .contains("<html lang=\"it\">").contains("Le caselle non si aprono")
                        .contains("Causa trovata");
    }

    @Test
    void whatWasExpectedStaysSaid() {
        String page = text(StatusSite.files(facts(List.of(storage()), Map.of())), "en/incident-7.html");
        assertThat(page).contains("What we expected, and when we said so")
                .contains("2023-01-24T13:00+01:00").contains("2023-01-24T19:00+01:00");
    }

    @Test
    void whateverIsWrittenIntoItStaysText() throws Exception {
        var words = new Words(EVIL.replace("\u0001", ""), EVIL.replace("\u0001", ""));
        Incident evil = incident(8, Severity.MAJOR, words, NOW,
                new Told(State.INVESTIGATING, words, EVIL), new Entry.Caused(Entry.Cause.INTERNAL, EVIL),
                new Entry.Answered("q", "", words, words), new Told(State.RESOLVED, words, ""),
                new Entry.PostMortem("# " + words.italian() + "\n" + words.italian(), "# " + words.italian() + "\n## "
                        + words.italian(), EVIL));
        var facts = new Facts("posta", EVIL, "#1b6ac9", List.of("it"), List.of(evil), Map.of(),
                new Line(ZoneId.of("Europe/Rome"), Map.of("", new Line.Contact(EVIL, words))), NOW, Uptime.UNKNOWN,
                "https://posta.example/complaints/");
        for (Map.Entry<String, StatusSite.File> one : StatusSite.files(facts).entrySet()) {
            if (one.getKey().endsWith(".json")) {
                assertThat(JSON.readTree(one.getValue().bytes()).isObject()).isTrue();
                continue;
            }
            String all = new String(one.getValue().bytes(), StandardCharsets.UTF_8);
            assertThat(all).as(one.getKey()).doesNotContain("<script").doesNotContain("<img")
                    .doesNotContain("\u0001");
        }
        parsed(StatusSite.files(facts).get("it/feed.atom"));
    }

    @Test
    void theFeedHasAnEntryForEachNoticeNewestFirst() throws Exception {
        var feed = parsed(StatusSite.files(facts(List.of(storage()), Map.of())).get("en/feed.atom"));
        var ids = feed.getElementsByTagName("id");
        assertThat(ids.getLength()).isEqualTo(3);
        assertThat(ids.item(1).getTextContent()).isEqualTo("tag:posta.casella.example,2026:incident-7-5");
        assertThat(feed.getElementsByTagName("content").item(0).getTextContent()).isEqualTo("We found it.");
    }

    @Test
    void toolsReadTheSameFromTheApi() {
        Map<String, StatusSite.File> files =
                StatusSite.files(facts(List.of(storage(), over()),
                Map.of(Component.READING, Condition.DEGRADED)));
        JsonNode summary = json(files, "api/v2/summary.json");
        assertThat(summary.at("/status/indicator").stringValue()).isEqualTo("critical");
        assertThat(summary.at("/incidents")).hasSize(1);
        assertThat(summary.at("/incidents/0/status").stringValue()).isEqualTo("identified");
        assertThat(summary.at("/incidents/0/incident_updates/0/body").stringValue())
                .isEqualTo("We found it.");
        assertThat(summary.at("/components/1/status").stringValue()).isEqualTo("degraded_performance");
        assertThat(json(files, "api/v2/incidents.json").at("/incidents")).hasSize(2);
        assertThat(json(files, "api/v2/incidents.json").at("/incidents/1/resolved_at").stringValue())
                .isEqualTo("2023-01-10T12:00:00Z");
        assertThat(json(StatusSite.files(facts(List.of(over()), Map.of())), "api/v2/status.json")
                .at("/status/indicator").stringValue())
                .isEqualTo("none");
    }

    @Test
    void eachDayHasTheWorstThatWasTold() {
        var uptime = new Uptime(NOW.minus(Duration.ofDays(100)), List.of());
        String page = text(StatusSite.files(facts(List.of(storage(), over()), Map.of(), uptime)), "en/index.html");
        assertThat(page).contains("Days that we know of: 90; without an incident 88, with one 2.");
        assertThat(page.split("class=\"critical\"", -1)).hasSize(2);
        assertThat(page.split("class=\"minor\"", -1)).hasSize(2);
        assertThat(page).contains("10 January 2023: minor").contains("24 January 2023: critical");
    }

    @Test
    void noPageIsLargeHoweverMuchThereIsToSay() {
        List<Incident> many = new ArrayList<>();
        for (int id = 400; id > 0; id--) {
            many.add(incident(id, Severity.MINOR, new Words("Titolo ".repeat(12), "Title ".repeat(12)),
                    NOW.minus(Duration.ofDays(401 - id)),
                    new Told(State.RESOLVED, new Words("x".repeat(2000), "x".repeat(2000)), "")));
        }
        assertThat(text(StatusSite.files(facts(many, Map.of())), "it/index.html")).hasSizeLessThan(40_000);
    }

    @Test
    void itsFilesCanBePutAnywhere() throws IOException {
        Map<String, StatusSite.File> files = StatusSite.files(facts(List.of(storage()), Map.of()));
        StatusSite.write(files, folder);
        StatusSite.write(files, folder);
        try (var walk = Files.walk(folder)) {
            assertThat(walk.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrderElementsOf(files.keySet());
        }
        files.forEach((path, file) -> {
            if (path.endsWith(".html")) assertThat(new String(file.bytes(), StandardCharsets.UTF_8))
                    .doesNotContain("href=\"/").doesNotContain("http://").doesNotContain("https://");
        });
    }

    @Test
    void whatWasLearnedHasAPageThatTheIncidentAndTheFeedLinkTo() throws Exception {
        Incident one = incident(3, Severity.MINOR, new Words("App lenta", "Slow app"),
                Instant.parse("2023-01-10T12:00:00Z"),
                new Told(State.RESOLVED, new Words("Finita.", "Over."), ""),
                new Entry.PostMortem("# Prima\nErrore.", "# First\nWrong.", ""),
                new Entry.PostMortem("# Il disco\nEra pieno.\n## Poi\n- <b>grande</b>", "# The disk\nIt was full.", "run 7"));
        Map<String, StatusSite.File> files = StatusSite.files(facts(List.of(one), Map.of()));

        assertThat(text(files, "it/incident-3-post-mortem.html")).contains("<h1>Il disco</h1>").contains("<h2>Poi</h2>")
                .contains("&lt;b&gt;grande").contains("href=\"incident-3.html\"").contains("Prova: run 7")
                .contains("versione 2 di 2").contains("href=\"incident-3-post-mortem-1.html\"")
                .contains("href=\"../en/incident-3-post-mortem.html\"").doesNotContain("<b>").doesNotContain("<script");
        assertThat(text(files, "en/incident-3-post-mortem-1.html")).contains("<h1>First</h1>").contains("version 1 of 2")
                .contains("href=\"incident-3-post-mortem.html\"");
        for (String page : List.of("it/index.html", "it/incident-3.html")) {
            assertThat(text(files, page)).contains("<a href=\"incident-3-post-mortem.html\">Che cosa abbiamo imparato</a>");
        }
        var feed = parsed(files.get("en/feed.atom"));
        assertThat(feed.getElementsByTagName("title").item(1).getTextContent()).isEqualTo("The disk");
        assertThat(feed.getElementsByTagName("content").item(0).getTextContent()).isEqualTo("It was full.");
        assertThat(feed.getElementsByTagName("link").item(1).getAttributes().getNamedItem("href").getNodeValue())
                .isEqualTo("incident-3-post-mortem.html");
        assertThat(text(StatusSite.files(facts(List.of(over()), Map.of())), "it/index.html")).doesNotContain("imparato");
    }

    @Test
    void theLongestPostMortemIsASmallPage() {
        String most = "# T\n" + "è una riga che va a capo\n".repeat(749);
        Incident one = incident(3, Severity.MINOR, new Words("x".repeat(120), "x".repeat(120)), NOW,
                new Told(State.RESOLVED, new Words("Finita.", "Over."), ""), new Entry.PostMortem(most, most, "p".repeat(2_000)));

        String page = text(StatusSite.files(facts(List.of(one), Map.of())), "it/incident-3-post-mortem.html");
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isBetween(24_000, 30_000);
    }

    @Test
    void theFormForComplaintsIsLinkedWhereThereIsOne() {
        var with = new Facts("posta", "Posta", "#1b6ac9", List.of("it"), List.of(storage()), Map.of(),
                new Line(ZoneId.of("Europe/Rome"), Map.of()), NOW, Uptime.UNKNOWN, "/complaints/");

        assertThat(text(StatusSite.files(with), "it/index.html")).contains("<a href=\"/complaints/it/\">Reclami</a>");
        assertThat(text(StatusSite.files(with), "en/incident-7.html")).contains("<a href=\"/complaints/en/\">Complaints</a>");
        assertThat(text(StatusSite.files(facts(List.of(), Map.of())), "it/index.html")).doesNotContain("Reclami");
    }

    private static Incident storage() {
        return incident(7, Severity.CRITICAL,
                new Words("Le caselle non si aprono", "Mailboxes do not open"), NOW.minusSeconds(3600),
                new Told(State.INVESTIGATING, new Words("Cerchiamo.", "We look."), ""),
                new Entry.Estimated(Instant.parse("2023-01-24T12:00:00Z"), Confidence.LOW),
                new Entry.Estimated(Instant.parse("2023-01-24T18:00:00Z"), Confidence.MEDIUM),
                new Told(State.IDENTIFIED, new Words("Trovata.", "We found it."), "verify of 10:00"));
    }

    private static Incident over() {
        return incident(3, Severity.MINOR, new Words("App lenta", "Slow app"),
                Instant.parse("2023-01-10T12:00:00Z"),
                new Told(State.RESOLVED, new Words("Finita.", "Over."), ""));
    }

    private static Incident incident(long id, Severity severity, Words title, Instant at, What... then) {
        var entries = new ArrayList<Entry>();
        entries.add(new Entry(1, at, "anna", new Entry.Opened(title, severity, List.of(), "")));
        for (What what : then) entries.add(new Entry(entries.size() + 1, at, "anna", what));
        return new Incident(id, entries);
    }

    private static Facts facts(List<Incident> incidents, Map<Component, Condition> now) {
        return facts(incidents, now, Uptime.UNKNOWN);
    }

    private static Facts facts(List<Incident> incidents, Map<Component, Condition> now, Uptime uptime) {
        var contact = new Line.Contact("800 100 200", new Words("tutti i giorni", "every day"));
        return new Facts("posta", "Posta", "#1b6ac9", List.of("it", "en"), incidents, now,
                new Line(ZoneId.of("Europe/Rome"), Map.of("", contact)), NOW, uptime, "");
    }

    private static String text(Map<String, StatusSite.File> files, String path) {
        StatusSite.File file = files.get(path);
        assertThat(file).as(path).isNotNull();
        return file == null ? "" : new String(file.bytes(), StandardCharsets.UTF_8);
    }

    private static JsonNode json(Map<String, StatusSite.File> files, String path) {
        return JSON.readTree(text(files, path));
    }

    private static org.w3c.dom.Document parsed(
            StatusSite.@org.jspecify.annotations.Nullable File file) throws Exception {
        assertThat(file).isNotNull();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(file == null ? new byte[0] : file.bytes()));
    }

    /// Nine days are measured, in one of which mailboxes were away for an hour and a half.
    @Test
    void barsSayWhatWasMeasuredAndNothingOfWhatWasNot() {
        Instant begins = NOW.minus(Duration.ofDays(8));
        Instant from = NOW.minus(Duration.ofDays(3));
        var uptime = new Uptime(begins, List.of(Span.of(from, from.plus(Duration.ofMinutes(90)))));

        String page = text(StatusSite.files(facts(List.of(), Map.of(), uptime)), "it/index.html");
        assertThat(page.split("class=\"unknown\"", -1)).hasSize(1 + 81);
        assertThat(page.split("class=\"well\"", -1)).hasSize(1 + 8);
        assertThat(page).contains("caselle non raggiungibili: 1 h 30 min").contains("non misurato");
        // 90 minutes of eight days are 0.78 %: what is not there is never rounded away.
        assertThat(page).contains("Giorni di cui sappiamo: 9; senza incidenti 9, con 0.").contains("per il 99,21 % del tempo");
        assertThat(text(StatusSite.files(facts(List.of(), Map.of(), uptime)), "en/index.html")).contains("for 99.21 % of the time");
        String unknown = text(StatusSite.files(facts(List.of(), Map.of())), "it/index.html");
        assertThat(unknown.split("class=\"unknown\"", -1)).hasSize(1 + 90);
        assertThat(unknown).contains("Giorni di cui sappiamo: 0;").doesNotContain("Misurato");
    }

    @Test
    void oneSecondAwayIsNotEverything() {
        var uptime = new Uptime(NOW.minus(Duration.ofDays(80)), List.of(Span.of(NOW.minusSeconds(10), NOW.minusSeconds(9))));

        assertThat(uptime.share(NOW.minus(Duration.ofDays(90)), NOW)).hasValue(9_999);
        assertThat(new Uptime(NOW.minus(Duration.ofDays(80)), List.of()).share(NOW.minus(Duration.ofDays(90)), NOW)).hasValue(10_000);
        assertThat(Uptime.UNKNOWN.share(NOW.minus(Duration.ofDays(90)), NOW)).isEmpty();
    }
}
