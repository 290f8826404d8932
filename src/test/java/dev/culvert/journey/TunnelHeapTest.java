package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a tunnel keeps alive on the heap. Looks into the process, so it runs in the test's own. */
class TunnelHeapTest {
    private static final int TUNNELS = 50;

    /** Of the HTTP server, of HTTP, and of the handshake: a tunnel has no use for them. */
    private static final List<String> ABANDONED = List.of(
            "io.vertx.core.http.impl.Http1xServerConnection",
            "io.vertx.core.http.impl.Http1xServerRequest",
            "io.vertx.core.http.impl.Http1xServerResponse",
            "io.vertx.core.net.impl.VertxHandler",
            "io.netty.handler.codec.http.DefaultHttpRequest",
            "io.netty.handler.codec.http.DefaultHttpResponse",
            "dev.culvert.listener.RequestDecoder",
            "io.netty.handler.codec.http.DefaultHttpHeaders",
            "dev.culvert.listener.ClientInput",
            "dev.culvert.listener.UpgradeRoute",
            "dev.culvert.upstream.UpstreamExchange",
            "dev.culvert.upstream.AnswerDecoder");

    @Test
    void nothingOfHttpIsReachableFromALivingTunnel() throws Exception {
        try (App app = new App();
                Culvert culvert = Culvert.start(app.port())) {
            long[] before = counts();
            List<Wire> ends = new ArrayList<>();
            for (int i = 0; i < TUNNELS; i++) {
                Wire client = Wire.connect(culvert.port());
                client.send(CHAT);
                Wire behind = app.accept();
                behind.readHead();
                behind.send(CHAT_101);
                client.readHead();
                ends.add(client);
                ends.add(behind);
            }
            long[] during = counts();

            assertThat(histogram()).contains("dev.culvert.tunnel.Tunnel");
            for (int i = 0; i < ABANDONED.size(); i++) {
                assertThat(during[i] - before[i]).as(ABANDONED.get(i)).isLessThanOrEqualTo(2);
            }
            ends.forEach(Wire::close);
        }
    }

    /** Of each abandoned class, the instances that a full collection leaves. */
    private static long[] counts() throws JMException {
        String histogram = histogram();
        return ABANDONED.stream()
                .mapToLong(type -> histogram
                        .lines()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns.length >= 4 && columns[3].equals(type))
                        .mapToLong(columns -> Long.parseLong(columns[1]))
                        .sum())
                .toArray();
    }

    private static String histogram() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }
}
