package casella.incident.status;

import casella.incident.Entry.Told;
import casella.incident.Entry;
import casella.incident.Html;
import casella.incident.Incident;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What was said, as an Atom feed (RFC 4287): one entry for each notice, newest first. Its ids are tag URIs (RFC 4151), the same
/// wherever the pages are put.
final class StatusFeed {
    private static final int ENTRIES_MAX = 50;

    private record Item(Incident incident, Entry entry, Told told) {}

    private StatusFeed() {}

    static String of(Facts facts, String language) {
        List<Item> items = new ArrayList<>();
        for (Incident incident : facts.incidents()) {
            for (Entry entry : incident.notices()) {
                if (entry.what() instanceof Told told) items.add(new Item(incident, entry, told));
            }
        }
        items.sort(Comparator.comparing((Item item) -> item.entry().at()).reversed());
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
                <link href="incident-%d.html"/>
                <content type="text">%s</content>
                </entry>
                """.formatted(Html.text(item.incident().title().in(language)), tag, item.incident().id(), item.entry().number(),
                        text(item.entry().at()), item.incident().id(),
                                Html.text(item.told().text().in(language)))));
        return out.append("</feed>\n").toString();
    }

    private static String text(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
