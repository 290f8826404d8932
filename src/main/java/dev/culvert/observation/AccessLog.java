package dev.culvert.observation;

import dev.culvert.CloseReason;
import dev.culvert.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The access log: a line when a tunnel opens, one when it ends, one for each refusal. As plain text a line reads
 * {@code tunnel.closed client=… target="…" …}; as JSON the same keys stand in {@code mdc}. Thread-safe.
 */
public final class AccessLog {
    private static final Logger LOG = Logger.getLogger("dev.culvert.access");

    private final boolean on;

    public AccessLog(boolean on) {
        this.on = on;
    }

    /** The app has switched, and the tunnel carries bytes. */
    public void tunnelOpened(TunnelInfo tunnel) {
        if (on) {
            write("tunnel.opened", describe(tunnel));
        }
    }

    /**
     * The tunnel is no more.
     *
     * @param open how long it was open
     * @param bytesToApp payload bytes from the client to the app
     * @param bytesToClient payload bytes from the app to the client
     */
    public void tunnelClosed(
            TunnelInfo tunnel, Duration open, long bytesToApp, long bytesToClient, CloseReason reason) {
        if (on) {
            Map<String, String> fields = describe(tunnel);
            fields.put("duration_ms", Long.toString(open.toMillis()));
            fields.put("bytes_to_app", Long.toString(bytesToApp));
            fields.put("bytes_to_client", Long.toString(bytesToClient));
            fields.put("reason", reason.label());
            write("tunnel.closed", fields);
        }
    }

    /**
     * A request got no further than us.
     *
     * @param client address of whoever is connected to us
     * @param target request target as it came; empty where none was read
     * @param detail a sentence in our words
     */
    public void refused(String client, String target, Refusal refusal, String detail) {
        if (on) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("client", WireText.escaped(client));
            fields.put("target", WireText.quoted(target));
            fields.put("status", Integer.toString(refusal.status()));
            fields.put("reason", refusal.label());
            fields.put("detail", WireText.quoted(detail));
            write("request.refused", fields);
        }
    }

    private static Map<String, String> describe(TunnelInfo tunnel) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("client", WireText.escaped(tunnel.client()));
        fields.put("target", WireText.quoted(tunnel.target()));
        fields.put("protocol", WireText.quoted(tunnel.protocol()));
        fields.put("restored", tunnel.restored().isEmpty() ? "no" : String.join("+", tunnel.restored()));
        return fields;
    }

    private static void write(String event, Map<String, String> fields) {
        StringBuilder line = new StringBuilder(event);
        fields.forEach((key, value) -> {
            line.append(' ').append(key).append('=').append(value);
            MDC.put(key, unquoted(value));
        });
        MDC.put("event", event);
        LOG.info(line);
        fields.keySet().forEach(MDC::remove);
        MDC.remove("event");
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
    }
}
