package dev.culvert.journey;

/** A Culvert with an app behind it and one client before it; who the client is goes untold, so that heads can be compared. */
final class Hop implements AutoCloseable {
    private final App app = new App();
    private final Culvert culvert;
    private final Wire client;

    /** @param settings {@code key=value}, without the leading {@code culvert.} */
    Hop(String... settings) {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "forwarded.mode=off";
        culvert = Culvert.start(app.port(), all);
        client = Wire.connect(culvert.port());
    }

    App app() {
        return app;
    }

    Wire client() {
        return client;
    }

    /** Another client. */
    Wire connect() {
        return Wire.connect(culvert.port());
    }

    /** Sends a request, and accepts the connection that Culvert opens for it. */
    Wire ask(String request) {
        client.send(request);
        return app.accept();
    }

    /** The answer's head, to a request without a body, when the app answers so. */
    String answerHead(String answer) {
        Wire behind = ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        behind.readHead();
        behind.send(answer);
        return client.readHead();
    }

    @Override
    public void close() {
        client.close();
        culvert.close();
        app.close();
    }
}
