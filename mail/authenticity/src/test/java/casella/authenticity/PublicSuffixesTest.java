package casella.authenticity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Proves that an organization's domain is found as the list's own tests want it, in the list that comes with the program too.
final class PublicSuffixesTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("casella.root", "../..")).resolve("../shared/data/dmarc");
    private static final Pattern CHECK = Pattern.compile("^checkPublicSuffix\\('([^']*)', (?:'([^']*)'|null)\\);");

    @Test
    void rulesWildcardsAndExceptions() {
        PublicSuffixes list = PublicSuffixes.of("// it\nit\nco.uk note\n*.ck\n!www.ck\n");
        assertThat(list.organizational("A.B.Example.IT.")).contains("example.it");
        assertThat(list.organizational("x.example.co.uk")).contains("example.co.uk");
        assertThat(list.organizational("uk")).isEmpty();
        assertThat(list.organizational("co.uk")).isEmpty();
        assertThat(list.organizational("a.b.ck")).contains("a.b.ck");
        assertThat(list.organizational("b.ck")).isEmpty();
        assertThat(list.organizational("x.www.ck")).contains("www.ck");
        assertThat(list.organizational("a.unlisted")).contains("a.unlisted");
        assertThat(list.organizational("")).isEmpty();
    }

    @Test
    void theListThatShipsKnowsWhatIsNobodys() {
        PublicSuffixes list = PublicSuffixes.shipped();
        assertThat(list.organizational("mail.posta.it")).contains("posta.it");
        assertThat(list.organizational("comune.roma.it")).contains("comune.roma.it");
        assertThat(list.organizational("www.bbc.co.uk")).contains("bbc.co.uk");
    }

    @Test
    void theVectorsOfTheListPass() throws IOException {
        if (!Files.isDirectory(VECTORS)) {
            System.out.println("Public suffix vectors are not beside this checkout; those of our own alone were run");
            return;
        }
        PublicSuffixes list = PublicSuffixes.of(Files.readString(VECTORS.resolve("public_suffix_list.dat")));
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (String line : Files.readAllLines(VECTORS.resolve("test_psl.txt"))) {
            Matcher check = CHECK.matcher(line);
            if (!check.find()) continue;
            seen++;
            String wanted = check.group(2) == null ? ""
                    : casella.dns.Names.ascii(check.group(2)).orElseThrow();
            String got = list.organizational(check.group(1)).orElse("");
            if (!got.equals(wanted)) wrong.add(check.group(1) + ": wanted '" + wanted + "', got '" + got + "'");
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(60);
    }
}
