package casella.incident;

import casella.base.Html;

/// What the forms for anybody share: plain HTML that needs no script, in the status pages' style.
///
/// @param brand its name, and `title` as people read it
/// @param language `it` or `en`
/// @param path of the folder in which it is, with `it/` and `en/` below it: `/complaints/`
public record FormPage(String brand, String title, String language, Line line, String path) {
    public String say(String italian, String english) {
        return language.equals("it") ? italian : english;
    }

    /// Returns a whole page.
    ///
    /// @param body HTML
    public String whole(String name, String body) {
        String other = language.equals("it") ? "en" : "it";
        return """
                <!doctype html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s – %s</title>
                <link rel="stylesheet" href="/status/style.css">
                </head>
                <body>
                <header><a href="/status/%s/">%s</a> <nav><a href="%s%s/" lang="%s" hreflang="%s">%s</a></nav></header>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(language, Html.text(name), Html.text(title), language, Html.text(title), path, other, other, other,
                other.equals("it") ? "Italiano" : "English", body);
    }

    /// Appends a field with its label.
    ///
    /// @param fill a word of `autocomplete`
    /// @param most characters
    public void input(StringBuilder body, String name, String label, String value, String fill, int most,
            boolean required) {
        body.append("<p><label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" maxlength=\"%d\" autocomplete=\"%s\" value=\"%s\"%s></p>\n"
                .formatted(name, Html.text(label), name, name, most, fill, Html.text(value), required
                        ? " required" : ""));
    }

    /// Returns whom to call; empty where nobody answers.
    public String call() {
        return line.contact(brand).map(one -> "<p>" + Html.text(say("Al telefono: ", "By telephone: ")
                + one.phone() + ", "
                + one.hours().in(language)) + "</p>\n").orElse("");
    }
}
