package casella.incident.status;

import casella.incident.Article;
import casella.incident.Entry.PostMortem;
import casella.incident.Entry.Told;
import casella.incident.Entry;
import casella.base.Html;
import casella.incident.Incident;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What was said, as an Atom feed (RFC 4287): one entry for each notice and each version of what was learned, newest first. Its ids are tag URIs (RFC 4151), the same
/// wherever the pages are put.
final class StatusFeed {
    private static final int ENTRIES_MAX = 50;

    /// @param title of the entry, and `text` of it
    /// @param page what it links to
    private record Item(Incident incident, Entry entry, String title, String text, String page) {}

    private StatusFeed() {}

    static String of(Facts facts, String language) {
        List<Item> items = new ArrayList<>();
        for (Incident incident : facts.incidents()) {
            for (Entry entry : incident.notices()) {
                if (entry.what() instanceof Told told) {
                    items.add(new Item(incident, entry, incident.title().in(language),
                            told.text().in(language),
                            "incident-" + incident.id() + ".html"));
                }
            }
            List<Entry> versions = incident.postMortems();
            for (int version = 1; version <= versions.size(); version++) {
                Entry entry = versions.get(version - 1);
                if (!(entry.what() instanceof PostMortem said)) continue;
                Article article = said.in(language);
                items.add(new Item(incident, entry, article.title(), article.summary(),
                        StatusPage.postMortemName(incident, version)));
            }
        }
        items.sort(Comparator.comparing((Item item) -> item.entry().at())
                .thenComparingInt(item -> item.entry().number()).reversed());
        Instant updated = items.isEmpty() ? Instant.EPOCH : items.getFirst().entry().at();
        // RFC 4151 §2.1: a name and a date at which it was ours.
        String tag = "tag:" + facts.brand() + ".casella.example,2026:";
        var out = new StringBuilder("""
                <?xml version="1.0" encoding="utf-8"?>
                <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%s">
                <title>%s</title>
                <id>%sstatus-%s</id>
                <updated>%s</updated>
                <author><name>%s</name></author>
                <link rel="self" href="feed.atom"/>
                """.formatted(language, Html.text(facts.title()), tag, language, text(updated), Html.text(facts.title())));
        items.stream().limit(ENTRIES_MAX).forEach(item -> out.append("""
                <entry>
                <title>%s</title>
                <id>%sincident-%d-%d</id>
                <updated>%s</updated>
                <link href="%s"/>
                <content type="text">%s</content>
                </entry>
                """.formatted(Html.text(item.title()), tag, item.incident().id(), item.entry().number(),
                        text(item.entry().at()), item.page(), Html.text(item.text()))));
        return out.append("</feed>\n").toString();
    }

    private static String text(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
