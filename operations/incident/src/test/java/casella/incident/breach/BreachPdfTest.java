package casella.incident.breach;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.breach.Note.Communicated;
import casella.incident.breach.Note.Decided;
import casella.incident.breach.Note.Decision;
import casella.incident.breach.Note.Drafted;
import casella.incident.breach.Note.Notified;
import casella.incident.breach.Note.Opened;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

/// Proves that the document says what the register says, in letters that are there, and that something is drawn.
final class BreachPdfTest {
    private static final Instant AWARE = Instant.parse("2027-01-31T08:30:00Z");
    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final Numbers NUMBERS = new Numbers(AWARE, AWARE.plusSeconds(90_000), 1_234_567,
            345_678, 345_700,
            12_345, 345_678L * 40_000_000, 90_000_000, 98_765_432, 0, 12, 4_321, 17);

    private static Breach breach(Note.What... more) {
        var notes = new ArrayList<Note>();
        notes.add(new Note(1, AWARE, "luca", new Opened(1L, "Perché le caselle non si aprono: è già così", AWARE,
                "Giosuè Però, turno di notte")));
        for (Note.What what : more) {
            notes.add(new Note(notes.size() + 1, AWARE.plusSeconds(3_600L * notes.size()), "marta", what));
        }
        return new Breach(3, notes);
    }

    private static Breach whole() {
        var first = new Draft(List.of("availability"), "Il nuovo sistema di archiviazione non risponde.", "", -1, "", -1,
                "", "", "", "", null);
        var then = new Draft(List.of("availability", "integrity"),
                "Il nuovo sistema di archiviazione, oltre un certo numero di oggetti, non risponde più.\nLe caselle restano chiuse: "
                        + "né lettura né ricerca. " + "La posta in arrivo è stata accettata e accodata. ".repeat(12),
                "Titolari delle caselle; i loro corrispondenti", -1, "Messaggi, rubriche, nomi di cartelle", -1,
                "Responsabile della protezione dei dati, rpd@posta.example, +39 02 0000 0000",
                "Ritardi; impossibilità di consultare documenti. Ţară, Łódź, Ελλάδα, 漢字.",
                "Ripristino dai vault; riapertura a gruppi; una-parola-lunghissima-" + "x".repeat(150), "", null)
                .counted(NUMBERS);
        return breach(new Drafted(first), new Drafted(then), new Decided(Decision.NOTIFY, "Il rischio non è improbabile."),
                new Notified(AWARE.plusSeconds(36_000), "Garante per la protezione dei dati personali", "2027/000123", 2),
                new Communicated(AWARE.plusSeconds(40_000), "Messaggio firmato del marchio a ogni titolare."));
    }

    private static String text(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getDocumentCatalog().getLanguage()).isIn("it", "en");
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }

    private static byte[] pdf(Breach breach, String language, Instant now) {
        return new BreachPdf(breach, language, ROME, now).bytes();
    }

    @Test
    void itSaysAllThatIsKnownInItalian() throws IOException {
        String text = text(pdf(whole(), "it", AWARE.plusSeconds(50_000)));
        assertThat(text).contains("Violazione di dati personali", "Perché le caselle non si aprono: è già così",
                "Giosuè Però", "31/01/2027 09:30 +01:00", "03/02/2027 09:30 +01:00", "perdita di disponibilità, perdita di integrità",
                "circa 345.700", "circa 98.765.432", "misurato sulla casella stessa per 12.345", "rpd@posta.example",
                "Ţară, Łódź, Ελλάδα, ??.", "Il rischio non è improbabile.", "2027/000123",
                "Notificata la versione 2", "Comunicazione agli interessati (art. 34)",
                "mancano: interessati, registrazioni, contatto, conseguenze, misure", "1/2", "2/2");
        assertThat(text).doesNotContain("Motivi del ritardo", "non ancora noto");
    }

    @Test
    void itSaysWhatIsNotKnownAndHowMuchTimeIsLeft() throws IOException {
        String early = text(pdf(breach(), "en", AWARE.plusSeconds(3_600 * 70)));
        assertThat(early).contains("not made; left: 2 h 0 min", "not known yet: to follow (Art. 33(4))",
                "It is not decided yet whether to notify.", "None.");
        String late = text(pdf(breach(), "en", AWARE.plusSeconds(3_600 * 75)));
        assertThat(late).contains("not made; over the deadline by 3 h 0 min", "Reasons for the delay (Art. 33(1))");
    }

    @Test
    void itIsDrawn() throws IOException {
        byte[] pdf = pdf(whole(), "it", AWARE.plusSeconds(50_000));
        assertThat(pdf.length).isLessThan(200_000);
        try (PDDocument document = Loader.loadPDF(pdf)) {
            BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, 50);
            long dark = 0;
            int lowest = 0;
            for (int y = 0; y < page.getHeight(); y++) {
                for (int x = 0; x < page.getWidth(); x++) {
                    if ((page.getRGB(x, y) & 0xFF) > 128) continue;
                    dark++;
                    lowest = y;
                    assertThat(x).as("within the margins").isBetween(30, page.getWidth() - 30);
                }
            }
            assertThat(dark).isGreaterThan(1_500);
            assertThat(lowest).isGreaterThan(page.getHeight() * 8 / 10);
            String shown = System.getProperty("breach.picture", "");
            if (shown.isEmpty()) return;
            for (int i = 0; i < document.getNumberOfPages(); i++) {
                ImageIO.write(new PDFRenderer(document).renderImageWithDPI(i, 90), "png",
                        Files.createDirectories(Path.of(shown)).resolve("page-" + (i + 1) + ".png").toFile());
            }
        }
    }
}
