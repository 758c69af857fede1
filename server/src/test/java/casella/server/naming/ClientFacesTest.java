package casella.server.naming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metrics;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.jmap.ClientSetup.Question;
import casella.jmap.PublicPages;
import casella.server.config.Config;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.json.JsonMapper;

/// Proves that programs are told how a domain of ours is reached, the same whoever is asked about, and nothing of other domains.
final class ClientFacesTest {
    private static final String MOZILLA = "/mail/config-v1.1.xml";
    private static final String OUTLOOK = "/autodiscover/autodiscover.xml";
    private static final String SCHEMA =
            "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    @TempDir
    private static Path folder;
    private static SqliteDirectory directory;
    private static ClientFaces faces;

    @BeforeAll
    static void open() {
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        Registrar registrar = directory.registrar();
        registrar.putBrand(new Brand("posta", "Posta & co", List.of(), "#1b6ac9", List.of("it")));
        registrar.addDomain("posta", "posta.example");
        registrar.add(Registrar.NewAccount.of("anna@posta.example", Password.clear("casella")));
        faces = new ClientFaces(config("enforce"), directory);
    }

    private static Config config(String sts) {
        return ((Config.Loaded.Good) Config.text("""
                mail: {hostname: mx.posta.example}
                listen: {imap-tls: 993, imap: 143, pop3: off, pop3-tls: 0, submission: 587, submission-tls: off}
                publish: {mta-sts: %s, mx: [mx.posta.example, mx2.posta.example], mta-sts-max-age: 1d}
                """.formatted(sts), new Config.Overrides(folder, 0))).config();
    }

    @AfterAll
    static void close() {
        directory.close();
    }

    private static Optional<PublicPages.Page> get(String host, String path, Map<String, String> query) {
        assertThat(faces.knows("GET", path)).isTrue();
        return faces.answer(new Question("GET", host, path, query, new byte[0]));
    }

    private static Optional<PublicPages.Page> post(String body) {
        return faces.answer(new Question("POST", "autodiscover.posta.example", OUTLOOK, Map.of(),
                body.getBytes(UTF_8)));
    }

    private static String request(String address, String schema) {
        return """
                <?xml version="1.0" encoding="utf-8"?>
                <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
                  <Request><EMailAddress>%s</EMailAddress><AcceptableResponseSchema>%s</AcceptableResponseSchema></Request>
                </Autodiscover>
                """.formatted(address, schema);
    }

    private static Document parsed(PublicPages.Page page) throws Exception {
        assertThat(page.type()).isEqualTo("text/xml; charset=utf-8");
        var factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(page.bytes()));
    }

    /// Text of the elements below each element of a name, as `name=text …`.
    private static List<String> rows(Document document, String name) {
        var out = new ArrayList<String>();
        NodeList found = document.getElementsByTagNameNS("*", name);
        for (int i = 0; i < found.getLength(); i++) {
            var row = new StringBuilder();
            NodeList below = found.item(i).getChildNodes();
            for (int j = 0; j < below.getLength(); j++) {
                if (below.item(j) instanceof Element one) {
                    row.append(row.isEmpty() ? "" : " ").append(one.getLocalName()).append('=')
                            .append(one.getTextContent());
                }
            }
            out.add(row.toString());
        }
        return out;
    }

    @Test
    void thunderbirdIsToldByAddressAndByHost() throws Exception {
        PublicPages.Page asked = get("autoconfig.posta.example", MOZILLA, Map.of("emailaddress",
                "anna@Posta.Example")).orElseThrow();
        Document answer = parsed(asked);
        assertThat(rows(answer, "incomingServer")).containsExactly(
                "hostname=mx.posta.example port=993 socketType=SSL username=%EMAILADDRESS% authentication=password-cleartext",
                "hostname=mx.posta.example port=143 socketType=STARTTLS username=%EMAILADDRESS% authentication=password-cleartext");
        assertThat(rows(answer, "outgoingServer")).containsExactly(
                "hostname=mx.posta.example port=587 socketType=STARTTLS username=%EMAILADDRESS% authentication=password-cleartext");
        assertThat(answer.getElementsByTagName("displayName").item(0).getTextContent())
                .isEqualTo("Posta & co");
        assertThat(get("autoconfig.posta.example", MOZILLA, Map.of()).orElseThrow().bytes())
                .isEqualTo(asked.bytes());
        assertThat(get("posta.example", "/.well-known/autoconfig/mail/config-v1.1.xml", Map.of())
                .orElseThrow().bytes())
                .isEqualTo(asked.bytes());
    }

    @Test
    void nobodyLearnsWhichAddressesThereAre() {
        var there = get("autoconfig.posta.example", MOZILLA, Map.of("emailaddress", "anna@posta.example"))
                .orElseThrow();
        var nowhere = get("autoconfig.posta.example", MOZILLA, Map.of("emailaddress", "x@posta.example"))
                .orElseThrow();
        assertThat(nowhere.bytes()).isEqualTo(there.bytes());
        assertThat(new String(post(request("x@posta.example", SCHEMA)).orElseThrow().bytes(), UTF_8)
                .replace("x@", "anna@"))
                .isEqualTo(new String(post(request("anna@posta.example", SCHEMA)).orElseThrow().bytes(),
                        UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@other.example", "posta.example", "@posta.example", "a@posta.example.", "a@",
            "a@sub.posta.example"})
    void othersDomainsHaveNoAnswer(String address) {
        boolean dotted = address.endsWith("."); // the same domain
        assertThat(get("autoconfig.posta.example", MOZILLA, Map.of("emailaddress", address)).isPresent())
                .isEqualTo(dotted);
        assertThat(post(request(address, SCHEMA)).isPresent()).isEqualTo(dotted);
        assertThat(get("autoconfig.other.example", MOZILLA, Map.of())).isEmpty();
        assertThat(get("mta-sts.other.example", "/.well-known/mta-sts.txt", Map.of())).isEmpty();
    }

    @Test
    void outlookIsToldInAnyCase() throws Exception {
        assertThat(faces.knows("POST", "/AutoDiscover/AutoDiscover.xml")).isTrue();
        assertThat(faces.knows("GET", "/mail/CONFIG-v1.1.xml")).isFalse();
        Document answer = parsed(post(request("anna+<&x@posta.example".replace("<", "&lt;").replace("&x",
                "&amp;x"), SCHEMA)).orElseThrow());
        assertThat(rows(answer, "Protocol")).containsExactly(
                "Type=IMAP Server=mx.posta.example Port=993 DomainRequired=off LoginName=anna+<&x@posta.example SPA=off SSL=on"
                        + " Encryption=SSL AuthRequired=on",
                "Type=SMTP Server=mx.posta.example Port=587 DomainRequired=off LoginName=anna+<&x@posta.example SPA=off SSL=on"
                        + " Encryption=TLS AuthRequired=on UsePOPAuth=off");
        assertThat(answer.getElementsByTagNameNS(SCHEMA, "Action").item(0).getTextContent())
                .isEqualTo("settings");
        Document other = parsed(post(request("anna@posta.example",
                "http://schemas.microsoft.com/exchange/autodiscover/mobilesync")).orElseThrow());
        assertThat(rows(other, "Error"))
                .containsExactly("ErrorCode=601 Message=Provider is not available DebugData=");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE a [<!ENTITY e \"anna@posta.example\">]><a><EMailAddress>&e;</EMailAddress></a>",
        "<!DOCTYPE a><a><EMailAddress>anna@posta.example</EMailAddress></a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a><EMailAddress>anna@posta.example</EMailAddress></a>",
        "<a><EMailAddress>anna@posta.example</EMailAddress>",
        "<a><EMailAddress>a<b/>@posta.example</EMailAddress></a>",
        "", "<a/>", "no XML"})
    void hostileOrBrokenRequestsHaveNoAnswer(String body) {
        assertThat(post(body)).isEmpty();
    }

    @Test
    void longOnesAreReadToTheirLimit() {
        assertThat(post("<r>" + "<a/>".repeat(600) + "<EMailAddress>anna@posta.example</EMailAddress></r>"))
                .isEmpty();
        assertThat(post("<r>" + "<a/>".repeat(100) + "<EMailAddress>anna@posta.example</EMailAddress></r>"))
                .isPresent();
    }

    @Test
    void theNewerFormOfOutlookLeadsToTheOlder() {
        var answer = get("autodiscover.posta.example", "/autodiscover/autodiscover.json",
                Map.of("Email", "anna@posta.example", "Protocol", "Autodiscoverv1")).orElseThrow();
        assertThat(JsonMapper.builder().build().readTree(answer.bytes()).path("Url").asString())
                .isEqualTo("https://autodiscover.posta.example/autodiscover/autodiscover.xml");
        assertThat(get("x", "/Autodiscover/Autodiscover.json/v1.0/anna@posta.example", Map.of("Protocol",
                "AutodiscoverV1"))).isPresent();
        assertThat(get("x", "/autodiscover/autodiscover.json", Map.of("Email", "a@posta.example", "Protocol",
                "Rest"))).isEmpty();
    }

    @Test
    void otherServersAreToldThePolicyAtItsHostAlone() {
        String path = "/.well-known/mta-sts.txt";
        PublicPages.Page policy = get("mta-sts.posta.example", path, Map.of()).orElseThrow();
        assertThat(policy.type()).startsWith("text/plain");
        assertThat(new String(policy.bytes(), UTF_8)).isEqualTo(
                "version: STSv1\r\nmode: enforce\r\nmx: mx.posta.example\r\nmx: mx2.posta.example\r\nmax_age: 86400\r\n");
        assertThat(get("posta.example", path, Map.of())).isEmpty();
        assertThat(new ClientFaces(config("none"), directory)
                .answer(new Question("GET", "mta-sts.posta.example", path, Map.of(), new byte[0]))).isEmpty();
        assertThat(StsPolicy.of(config("enforce")).orElseThrow().id())
                .isNotEqualTo(StsPolicy.of(config("testing")).orElseThrow().id());
    }
}
