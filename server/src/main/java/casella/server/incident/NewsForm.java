package casella.server.incident;

import casella.base.Clock;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.incident.Line;
import casella.incident.news.News;
import casella.incident.news.NewsPages;
import casella.jmap.PublicForm;
import casella.jmap.PublicPages;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The page on which owners ask for news at their second address.
public final class NewsForm implements PublicForm {
    private static final int EACH = 10;
    private static final int ALL = 3_000;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final News news;
    private final Directory directory;
    private final Line line;
    private final Turnstile turnstile;

    public NewsForm(News news, Directory directory, Line line, Clock clock) {
        this.news = news;
        this.directory = directory;
        this.line = line;
        this.turnstile = new Turnstile(EACH, ALL, WINDOW, clock);
    }

    @Override
    public String at(String brand) {
        return news.offered() ? NewsPages.PATH : "";
    }

    @Override
    public Answer show(String host, String language) {
        NewsPages pages = pages(host, language);
        return news.offered() ? answer(200, pages.form()) : answer(404, pages.none());
    }

    @Override
    public Answer take(String host, String language, Map<String, String> fields, InetAddress from) {
        NewsPages pages = pages(host, language);
        if (!news.offered()) return answer(404, pages.none());
        if (!turnstile.enter(from)) return answer(429, pages.busy());
        boolean heard = news.ask(fields.getOrDefault("mailbox", ""), fields.getOrDefault("address", ""));
        return heard ? answer(200, pages.asked()) : answer(429, pages.busy());
    }

    private NewsPages pages(String host, String language) {
        Optional<Brand> brand = directory.brandOfHost(host).or(() -> directory.brands().stream().findFirst());
        return NewsPages.of(brand.map(Brand::name).orElse("casella"), brand.map(Brand::title)
                .orElse("Casella"),
                language.equals("en") ? "en" : "it", line);
    }

    private static Answer answer(int status, String html) {
        return new Answer(status,
                new PublicPages.Page("text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)));
    }
}
