package casella.jmap;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

/// What every response carries, so that a page of ours can only do what ours needs and a file is
/// only ever a file.
final class SecurityHeaders {
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");
    private static final HeaderName FRAME = HeaderNames.create("X-Frame-Options");
    private static final HeaderName OPENER = HeaderNames.create("Cross-Origin-Opener-Policy");
    private static final HeaderName RESOURCE = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final HeaderName PERMISSIONS = HeaderNames.create("Permissions-Policy");
    private static final HeaderName HSTS = HeaderNames.create("Strict-Transport-Security");

    /// For everything that is not a page.
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox";

    /// For the webmail. Scripts only from our files. A message is shown in a sandboxed `srcdoc`
    /// frame, which takes this policy over and narrows it: its inline styles and, once the reader
    /// asks for them, pictures over https are why `style-src` and `img-src` are wider than the
    /// page itself needs.
    private static final String PAGE = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data: blob: https:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; "
            + "frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
            + "object-src 'none'; frame-ancestors 'none'";

    /// For pages of plain HTML with a style of their own: nothing runs in them, and they send nothing anywhere but to us.
    private static final String PUBLIC = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'";

    private SecurityHeaders() {}

    static void put(ServerResponse response, boolean secure) {
        response.header(CSP, NOTHING);
        response.header(NOSNIFF, "nosniff");
        response.header(REFERRER, "no-referrer");
        response.header(FRAME, "DENY");
        response.header(OPENER, "same-origin");
        response.header(RESOURCE, "same-origin");
        response.header(PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        if (secure) response.header(HSTS, "max-age=31536000");
    }

    /// Changes the policy to the webmail's.
    static void page(ServerResponse response) {
        response.header(CSP, PAGE);
    }

    /// Changes the policy to that of the webmail's page with the log-in form in it: a form that says where it is from.
    static void firstPage(ServerResponse response) {
        response.header(CSP, PAGE);
        response.header(REFERRER, "same-origin");
    }

    /// Changes the policy to that of pages for anybody. A form of a page without a referrer is sent with `Origin: null` (Fetch Standard),
    /// and could not be told from another page's.
    static void publicPage(ServerResponse response) {
        response.header(CSP, PUBLIC);
        response.header(REFERRER, "same-origin");
    }
}
