package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/// What somebody sees who opens a PDF: its first page, drawn.
final class PdfPicture {
    private static final int DARK = 128;
    /// A point is a pixel.
    private static final float DPI = 72;

    private PdfPicture() {}

    private record Place(String words, int left, int right, int bottom) {}

    /// Looks whether `words` are drawn on the first page, in dark on light, where the text says they are.
    ///
    /// @param picture where the page is kept as a PNG, for whoever wants to look
    static void shows(Path pdf, String words, Path picture) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
            BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, DPI);
            ImageIO.write(page, "png", picture.toFile());
            List<Place> places = places(document);
            Place place = places.stream().filter(one -> one.words().contains(words)).findFirst()
                    .orElseThrow(() -> new AssertionError(words + " is not in " + places));
            int dark = 0;
            for (int x = place.left(); x < place.right(); x++) {
                for (int y = place.bottom() - 10; y <= place.bottom(); y++) {
                    if ((page.getRGB(x, y) & 0xFF) < DARK) dark++;
                }
            }
            int box = (place.right() - place.left()) * 11;
            assertThat(dark).as(place + " drawn of " + box).isBetween(box / 50, box / 2);
        }
    }

    private static List<Place> places(PDDocument document) throws IOException {
        var places = new ArrayList<Place>();
        var stripper = new PDFTextStripper() {
            @Override
            protected void writeString(String text, List<TextPosition> letters) {
                TextPosition last = letters.getLast();
                places.add(new Place(text, (int) letters.getFirst().getXDirAdj(),
                        (int) (last.getXDirAdj() + last.getWidthDirAdj()), (int) last.getYDirAdj()));
            }
        };
        stripper.setEndPage(1);
        var _ = stripper.getText(document);
        return places;
    }
}
