package casella.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.incident.Article.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that a plain file becomes headings, lists and paragraphs, and that nothing else in it becomes anything.
final class ArticleTest {
    @Test
    void aPlainFileIsHeadingsListsAndParagraphs() {
        Article article = Article.of("""
                \uFEFF# Che cosa è successo\r
                Una riga,\r
                e un'altra.\r

                ## La causa
                - il disco
                - la fretta
                Poi basta.
                - ancora
                """);

        assertThat(article.title()).isEqualTo("Che cosa è successo");
        assertThat(article.parts()).containsExactly(
                new Part.Paragraph("Una riga,\ne un'altra."), new Part.Heading("La causa"),
                new Part.Items(List.of("il disco", "la fretta")), new Part.Paragraph("Poi basta."),
                new Part.Items(List.of("ancora")));
        assertThat(article.html()).isEqualTo("""
                <p>Una riga,<br>e un&#39;altra.</p>
                <h2>La causa</h2>
                <ul><li>il disco</li><li>la fretta</li></ul>
                <p>Poi basta.</p>
                <ul><li>ancora</li></ul>
                """);
        assertThat(article.summary()).isEqualTo("Una riga,\ne un'altra.");
    }

    @Test
    void whatLooksLikeAPageStaysText() {
        Article article = Article.of("# T\n<script>x</script> [link](https://evil.example)\n## <b>\n- <img src=x>\n");

        assertThat(article.html()).doesNotContain("<script").doesNotContain("<b>").doesNotContain("<img")
                .doesNotContain("href").contains("[link](https://evil.example)");
    }

    @Test
    void whatCannotBeSaysWhy() {
        assertThatThrownBy(() -> Article.of("")).hasMessageContaining("'# Title'");
        assertThatThrownBy(() -> Article.of("Senza titolo\n")).hasMessageContaining("'# Title'");
        assertThatThrownBy(() -> Article.of("# Solo il titolo\n")).hasMessageContaining("more than its title");
        assertThatThrownBy(() -> Article.of("# T\na\u0000b")).hasMessageContaining("control characters");
        assertThatThrownBy(() -> Article.of("# " + "t".repeat(201) + "\nx")).hasMessageStartingWith("title:");
        assertThatThrownBy(() -> Article.of("# T\n" + "à".repeat(Article.HTML_BYTES_MAX / 2)))
                .hasMessageContaining("bytes as a page");
        assertThatThrownBy(() -> Article.of("# T\n" + "&".repeat(Article.HTML_BYTES_MAX / 4)))
                .hasMessageContaining("bytes as a page");
    }
}
