package casella.continuity.plot;

import static org.assertj.core.api.Assertions.assertThat;

import casella.continuity.plot.Svg.Anchor;
import casella.continuity.plot.Svg.Point;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/// Proves that a drawing is well-formed, whatever it says.
final class SvgTest {
    @Test
    void everyElementIsThereAndTextIsText() throws Exception {
        String text = new Svg(100, 50, "<a> & b")
                .text(1, 2, Anchor.MIDDLE, "#000", "x < y && z > 1")
                .rect(0, 0, 10, 10, "#fff")
                .line(new Point(0, 0), new Point(5, 5), "#000", 1, "4 3")
                .lines(List.of(new Point(0, 0), new Point(1, 1)), "#000", 1, "")
                .lines(List.of(), "#000", 1, "")
                .circle(1, 1, 2, "none", "#000")
                .text();

        var document = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("<a> & b");
        assertThat(document.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("x < y && z > 1");
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(1);
    }
}
