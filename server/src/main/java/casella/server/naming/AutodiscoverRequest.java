package casella.server.naming;

import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// What Outlook asks: Autodiscover's "plain old XML" ([MS-OXDSCLI]). Anybody may send one: it is read without document types and
/// entities, and no further than what is looked for.
///
/// @param address as it stands there; 1 to 320 characters
/// @param settingsWanted whether the answer is to be settings for IMAP, POP3 and SMTP
record AutodiscoverRequest(String address, boolean settingsWanted) {
    private static final String SETTINGS =
            "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
    private static final int ADDRESS_CHARS_MAX = 320;
    private static final int SCHEMA_CHARS_MAX = 200;
    private static final int EVENTS_MAX = 500;
    private static final String HEAD = """
            <?xml version="1.0" encoding="utf-8"?>
            <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
            """;

    static final String BEGIN = HEAD + "  <Response xmlns=\"" + SETTINGS + """
            ">
                <Account>
                  <AccountType>email</AccountType>
                  <Action>settings</Action>
            """;
    static final String END = "    </Account>\n  </Response>\n</Autodiscover>\n";
    /// Other answers than settings are asked for: there is no such provider here.
    static final String NOT_HERE = HEAD + """
              <Response>
                <Error Time="00:00:00" Id="0">
                  <ErrorCode>601</ErrorCode>
                  <Message>Provider is not available</Message>
                  <DebugData/>
                </Error>
              </Response>
            </Autodiscover>
            """;

    /// Returns what is asked; empty if that is no such request.
    static Optional<AutodiscoverRequest> of(byte[] body) {
        String address = "";
        String schema = SETTINGS;
        try {
            XMLStreamReader in = factory().createXMLStreamReader(new ByteArrayInputStream(body));
            for (int events = 0; in.hasNext(); events++) {
                int event = in.next();
                if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE
                        || events > EVENTS_MAX) {
                    return Optional.empty();
                }
                if (event != XMLStreamConstants.START_ELEMENT) continue;
                switch (in.getLocalName()) {
                    case "EMailAddress" -> address = in.getElementText().strip();
                    case "AcceptableResponseSchema" -> schema = in.getElementText().strip();
                    default -> { }
                }
            }
        } catch (XMLStreamException | IllegalArgumentException e) {
            return Optional.empty();
        }
        if (address.isEmpty() || address.length() > ADDRESS_CHARS_MAX
                || schema.length() > SCHEMA_CHARS_MAX) return Optional.empty();
        return Optional.of(new AutodiscoverRequest(address, schema.equalsIgnoreCase(SETTINGS)));
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }
}
