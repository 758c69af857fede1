package casella.incident.complaint;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.Line;
import casella.incident.Words;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Person;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.ComplaintPages.Form;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that the form shows what was written as text, needs no script, and says until when an answer comes.
final class ComplaintPagesTest {
    private static final Line LINE = new Line(ZoneId.of("Europe/Rome"), Map.of(
            "posta", new Line.Contact("800 100 200", new Words("tutti i giorni 8–20", "every day 8–20"))));
    private static final ComplaintPages ITALIAN = new ComplaintPages("posta", "Posta <it>", "it", LINE);
    private static final ComplaintPages ENGLISH = new ComplaintPages("posta", "Posta <it>", "en", LINE);

    @Test
    void whatWasFilledInStaysTextAndStays() {
        String evil = "\"><script>alert(1)</script>'";
        String page = ITALIAN.form(new Form(evil, evil, evil, evil, "</textarea>" + evil), evil);

        assertThat(page).doesNotContain("<script").doesNotContain("</textarea>\"");
        assertThat(page).contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;\"");
        assertThat(page).contains("&lt;/textarea&gt;").contains("Posta &lt;it&gt;")
                .contains("role=\"alert\"");
    }

    @Test
    void itIsSmallHasNoScriptAndNamesEachField() {
        for (ComplaintPages pages : List.of(ITALIAN, ENGLISH)) {
            String page = pages.form(Form.EMPTY, "");
            assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(10_000);
            assertThat(page).doesNotContain("<script").contains("<h1>").contains("800 100 200")
                    .doesNotContain("role=\"alert\"");
            for (String field : List.of("mailbox", "name", "contact", "category", "text")) {
                assertThat(page).contains("for=\"" + field + "\"").contains("id=\"" + field + "\"")
                        .contains("name=\"" + field + "\"");
            }
            for (Category one : Category.values()) assertThat(page).contains("value=\"" + one.word() + "\"");
        }
    }

    @Test
    void whoComplainedReadsTheNumberAndTheDay() {
        var complaint = new Complaint(17, new Received(Instant.parse("2026-11-23T10:00:00Z"), Channel.FORM,
                Category.OTHER, "posta",
                null, new Person("Anna", ""), "", "x", "it", "", "", ""),
                        Instant.parse("2027-01-07T10:00:00Z"), List.of());

        assertThat(ITALIAN.taken(complaint)).contains("R-2026-000017").contains("7 gennaio 2027");
        assertThat(ENGLISH.taken(complaint)).contains("R-2026-000017").contains("January 7, 2027");
    }
}
