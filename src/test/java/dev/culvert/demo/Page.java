package dev.culvert.demo;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The page that shows both ways side by side. Read into memory once: an event loop must not wait for a disk. */
final class Page {
    /** Nothing but our own files, and nobody but this machine to talk to. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:;"
            + " connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; base-uri 'none'; form-action 'none'";

    private record File(String type, Buffer bytes) {
        static File of(String type, String name) {
            try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("/demo/" + name), name)) {
                return new File(type, Buffer.buffer(in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Map<String, File> files = Map.of(
            "/", File.of("text/html; charset=utf-8", "index.html"),
            "/demo.css", File.of("text/css; charset=utf-8", "demo.css"),
            "/handshake.js", File.of("text/javascript; charset=utf-8", "handshake.js"),
            "/demo.js", File.of("text/javascript; charset=utf-8", "demo.js"));
    private final Supplier<Ports> ports;

    /** @param ports where everything listens, once everything does */
    Page(Supplier<Ports> ports) {
        this.ports = ports;
    }

    void answer(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        File file = path.equals("/ports") ? named(ports.get()) : files.get(path);
        if (file == null) {
            request.response().setStatusCode(404).end("Not here.\n");
            return;
        }
        request.response()
                .putHeader("Content-Type", file.type())
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Cache-Control", "no-store")
                .end(file.bytes());
    }

    /** The page names a front as it names a side. */
    private static File named(Ports ports) {
        JsonObject json = new JsonObject()
                .put("without", ports.straight())
                .put("with", ports.through())
                .put("culvert", ports.culvert())
                .put("app", ports.app());
        return new File("application/json", json.toBuffer());
    }
}
