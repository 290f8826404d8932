package dev.culvert.journey;

import static dev.culvert.journey.UpgradeJourney.CHAT;
import static dev.culvert.journey.UpgradeJourney.CHAT_101;

import java.util.function.Supplier;

/** A tunnel that stands, with both of its ends in hand. */
record Ends(Wire client, Wire app) implements AutoCloseable {
    static Ends open(Culvert culvert, App app) {
        return open(Wire.connect(culvert.port()), app::accept);
    }

    static Ends open(Wire client, Supplier<Wire> accept) {
        client.send(CHAT);
        Wire behind = accept.get();
        behind.readHead();
        behind.send(CHAT_101);
        client.readHead();
        return new Ends(client, behind);
    }

    @Override
    public void close() {
        client.close();
        app.close();
    }
}
