package casella.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

/// What answers of the operations port carry, so that a page can only do what ours needs and a file is only ever a file.
final class ApiHeaders {
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final String NOTHING =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox";
    private static final String PAGE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    private ApiHeaders() {}

    static void put(ServerResponse response, boolean secure) {
        response.header(CSP, NOTHING);
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        response.header(HeaderNames.create("X-Frame-Options"), "DENY");
        response.header(HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin");
        response.header(HeaderNames.create("Cross-Origin-Resource-Policy"), "same-origin");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        if (secure) response.header(HeaderNames.create("Strict-Transport-Security"), "max-age=31536000");
    }

    /// Changes the policy to the console's.
    static void page(ServerResponse response) {
        response.header(CSP, PAGE);
    }
}
