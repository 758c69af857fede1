package casella.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which parts to show as text, which as HTML, and which to offer for download. RFC 8621 §4.1.4,
/// its algorithm.
///
/// @param textBody parts to show one after the other where plain text is preferred
/// @param htmlBody likewise where HTML is preferred
/// @param attachments parts that are not shown, and media shown in only one of the two
/// @param hasAttachment at least one of `attachments` is for a person: not inline, no signature,
///     and no picture that a multipart/related brings along for its HTML
public record BodyLists(
        List<Part> textBody, List<Part> htmlBody, List<Part> attachments, boolean hasAttachment) {

    public BodyLists {
        textBody = List.copyOf(textBody);
        htmlBody = List.copyOf(htmlBody);
        attachments = List.copyOf(attachments);
    }

    /// Returns the lists of the mail whose structure is `root`.
    public static BodyLists of(Part root) {
        Sorter sorter = new Sorter();
        List<Part> text = new ArrayList<>();
        List<Part> html = new ArrayList<>();
        sorter.sort(List.of(root), "mixed", false, html, text);
        boolean offered =
                sorter.attachments.stream()
                        .anyMatch(p -> isForDownload(p) && !sorter.related.contains(p));
        return new BodyLists(text, html, sorter.attachments, offered);
    }

    private static boolean isForDownload(Part part) {
        Disposition disposition = part.disposition();
        if (disposition != null && disposition.type().equals("inline")) return false;
        return switch (part.mediaType()) {
            case "application/pgp-signature",
                    "application/pkcs7-signature",
                    "application/x-pkcs7-signature",
                    "application/pgp-encrypted" ->
                    false;
            default -> true;
        };
    }

    private static final class Sorter {
        private final List<Part> attachments = new ArrayList<>();
        /// Media inside multipart/related that carry a Content-ID or Content-Location.
        private final Set<Part> related = Collections.newSetFromMap(new IdentityHashMap<>());

        private void sort(
                List<Part> parts,
                String multipart,
                boolean inAlternative,
                @Nullable List<Part> htmlOrNull,
                @Nullable List<Part> textOrNull) {
            List<Part> html = htmlOrNull;
            List<Part> text = textOrNull;
            int textLength = text == null ? -1 : text.size();
            int htmlLength = html == null ? -1 : html.size();
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                if (multipart.equals("related") && i > 0) noteRelated(part);
                if (part.isMultipart()) {
                    boolean alternative = inAlternative || part.subtype().equals("alternative");
                    sort(part.children(), part.subtype(), alternative, html, text);
                } else if (!isInline(part, i, multipart)) {
                    attachments.add(part);
                } else if (multipart.equals("alternative")) {
                    if (part.is("text/plain")) addTo(text, part);
                    else if (part.is("text/html")) addTo(html, part);
                    else attachments.add(part);
                } else {
                    if (inAlternative && part.is("text/plain")) html = null;
                    if (inAlternative && part.is("text/html")) text = null;
                    addTo(text, part);
                    addTo(html, part);
                    if ((text == null || html == null) && isMedia(part)) attachments.add(part);
                }
            }
            if (!multipart.equals("alternative") || text == null || html == null) return;
            boolean noText = textLength == text.size();
            boolean noHtml = htmlLength == html.size();
            if (noText && !noHtml) text.addAll(List.copyOf(html.subList(htmlLength, html.size())));
            if (noHtml && !noText) html.addAll(List.copyOf(text.subList(textLength, text.size())));
        }

        private void noteRelated(Part part) {
            if (isMedia(part) && (part.cid() != null || part.location() != null)) related.add(part);
        }

        private static void addTo(@Nullable List<Part> list, Part part) {
            if (list != null) list.add(part);
        }

        private static boolean isMedia(Part part) {
            return part.type().equals("image")
                    || part.type().equals("audio")
                    || part.type().equals("video");
        }

        private static boolean isInline(Part part, int index, String multipart) {
            if (part.isAttachment()) return false;
            if (!part.is("text/plain") && !part.is("text/html") && !isMedia(part)) return false;
            return index == 0
                    || (!multipart.equals("related") && (isMedia(part) || part.name() == null));
        }
    }
}
