package casella.incident.status;

import casella.base.Html;
import casella.incident.Incident;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

/// The status pages of a brand as files: they refer to each other by relative names alone, so they can be served from anywhere, and
/// must be from somewhere else too. Made from memory; nothing of it asks any storage.
///
/// ```text
/// index.html                      the first page in the preferred language's folder
/// it/ en/                         index.html, incident-N.html, incident-N-post-mortem.html, feed.atom
/// style.css
/// api/v2/summary.json, status.json, components.json, incidents.json, incidents/unresolved.json
/// ```
public final class StatusSite {
    private StatusSite() {}

    /// One file.
    ///
    /// @param type with its charset
    public record File(String type, byte[] bytes) {
        private static File of(String type, String text) {
            return new File(type, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Returns all files by their path below the site's root: `it/index.html`.
    public static Map<String, File> files(Facts facts) {
        Map<String, File> files = new TreeMap<>();
        String html = "text/html; charset=utf-8";
        String first = facts.languages().getFirst();
        files.put("index.html", File.of(html, """
                <!doctype html>
                <html lang="%s"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=%s/">
                <title>%s</title></head><body><p><a href="%s/">%s</a></p></body></html>
                """.formatted(first, first, Html.text(facts.title()), first, Html.text(facts.title()))));
        files.put("style.css", File.of("text/css; charset=utf-8", StatusPage.style(facts.accent())));
        for (String language : new String[] {"it", "en"}) {
            var page = new StatusPage(facts, language);
            files.put(language + "/index.html", File.of(html, page.index()));
            files.put(language + "/feed.atom",
                    File.of("application/atom+xml; charset=utf-8", StatusFeed.of(facts, language)));
            for (Incident one : facts.incidents()) {
                files.put(language + "/incident-" + one.id() + ".html", File.of(html, page.incident(one)));
                for (int version = 1; version <= one.postMortems().size(); version++) {
                    files.put(language + "/" + StatusPage.postMortemName(one, version),
                            File.of(html, page.postMortem(one, version)));
                }
            }
        }
        var json = new StatusJson(facts);
        api(files, "summary", json.summary());
        api(files, "status", json.status());
        api(files, "components", json.components());
        api(files, "incidents", json.incidents(facts.incidents()));
        api(files, "incidents/unresolved", json.incidents(facts.open()));
        return files;
    }

    private static void api(Map<String, File> files, String name, String text) {
        files.put("api/v2/" + name + ".json", File.of("application/json; charset=utf-8", text));
    }

    /// Writes the files below `folder`, each whole or as it was. What else lies there stays. Blocks: for a thread that may.
    ///
    /// @throws IOException if one cannot be written; those before it are
    public static void write(Map<String, File> files, Path folder) throws IOException {
        for (Map.Entry<String, File> one : files.entrySet()) {
            Path target = folder.resolve(one.getKey());
            Files.createDirectories(target.getParent());
            Path fresh = target.resolveSibling(target.getFileName() + ".new");
            Files.write(fresh, one.getValue().bytes());
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
